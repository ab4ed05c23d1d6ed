"""The convolution of a doubled image by few products, against the plain one."""

import numpy as np
import numpy.typing as npt
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

from latentlab.learning.doubling import (
    KERNEL_SIZES,
    OF_PRODUCTS,
    OF_SOURCES,
    OF_TAPS,
    Images,
    upsample_conv2d,
)

Array = npt.NDArray[np.float32]


def normal(*shape: int) -> Array:
    return np.random.default_rng(0).standard_normal(shape, dtype=np.float32)


def plain(x: npt.NDArray[np.floating], kernel: npt.NDArray[np.floating]) -> npt.NDArray[np.floating]:
    doubled = x.repeat(2, axis=1).repeat(2, axis=2)
    convolved: npt.NDArray[np.floating] = tf.nn.conv2d(doubled, kernel, 1, "SAME").numpy()
    return convolved


def test_six_products_by_hand() -> None:
    """Pixels 1 2 3 4 and taps 1 10 100 1000: doubled, 1 2 2 3 and 2 2 3 3 and so on, weighed by the taps."""
    products = (OF_SOURCES @ [1, 2, 3, 4]) * (OF_TAPS @ [1, 10, 100, 1000])
    assert (OF_PRODUCTS @ products).tolist() == [3221, 3322, 4332, 4433]


def test_a_doubled_row_by_hand() -> None:
    """Doubled, 1 2 is two rows of 1 1 2 2, whose 3 x 3 neighbourhoods are summed, with zeros around."""
    x = tf.constant([1.0, 2.0], shape=(1, 1, 2, 1))
    output = upsample_conv2d(x, tf.ones((3, 3, 1, 1))).whole().numpy()
    assert output.reshape(2, 4).tolist() == [[4, 8, 10, 8], [4, 8, 10, 8]]


@settings(max_examples=30, deadline=None, derandomize=True)
@given(st.integers(1, 9), st.integers(1, 9), st.sampled_from(KERNEL_SIZES))
def test_rounding_is_no_coarser_than_the_plain_way_s(height: int, width: int, size: int) -> None:
    """Measured with float64: over 64 channels, the sums of the plain way are the longer ones."""
    x, kernel = normal(2, height, width, 64), normal(size, size, 64, 8)
    exact = plain(x.astype(np.float64), kernel.astype(np.float64))
    ours = upsample_conv2d(tf.constant(x), tf.constant(kernel)).whole().numpy()
    errors = [np.sqrt(np.mean((each - exact) ** 2)) for each in (ours, plain(x, kernel))]
    assert errors[0] < errors[1]


@pytest.mark.parametrize(("height", "width", "are_cut"), [(4, 6, True), (4, 5, False), (3, 6, False)])
def test_images_stay_cut_where_nothing_is_to_be_cropped(height: int, width: int, are_cut: bool) -> None:
    images = upsample_conv2d(tf.constant(normal(3, height, width, 5)), tf.constant(normal(4, 4, 5, 7)))
    assert images.are_cut is are_cut
    assert images.whole().shape == (3, 2 * height, 2 * width, 7)


def test_cut_images_interleave() -> None:
    """Of 16 images of one pixel, the first four are the uppermost row."""
    cut = Images(tf.range(16.0)[:, tf.newaxis, tf.newaxis, tf.newaxis], are_cut=True)
    assert cut.whole().numpy().ravel().tolist() == list(range(16))
    assert cut.each(tf.negative).whole().numpy().ravel().tolist() == [-number for number in range(16)]


def test_whole_images_stay_as_they_are() -> None:
    x = normal(2, 3, 3, 1)
    assert Images(x).whole() is x
