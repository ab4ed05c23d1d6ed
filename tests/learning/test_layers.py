"""The fast layers against the plain Keras layers that they stand for."""

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st
from keras import layers

from latentlab.learning import layers as fast
from latentlab.learning.doubling import Images
from latentlab.learning.graph import forward
from latentlab.learning.layers import batch_normalise
from latentlab.learning.one_channel import conv2d_to_one_channel, sum_shifted
from tests.plain_keras import TOLERANCE, assert_equals_keras, chain, images, plain, results

pytestmark = pytest.mark.usefixtures("every_width_is_fast")

sides = st.integers(1, 9)
channel_counts = st.integers(1, 9)
kernel_sizes = st.sampled_from([3, 4, 5, 7])


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.integers(1, 3), sides, sides, channel_counts, channel_counts, kernel_sizes)
def test_upsampled_convolution_equals_keras(
    batch: int, height: int, width: int, channels: int, filters: int, size: int
) -> None:
    x = images(batch, height, width, channels)
    assert_equals_keras(chain(x, layers.UpSampling2D(), layers.Conv2D(filters, size, padding="same")), x)


@settings(max_examples=30, deadline=None, derandomize=True)
@given(
    st.integers(1, 3), sides, sides, channel_counts, channel_counts, st.sampled_from(["relu", "leaky", ""])
)
def test_upsampled_convolution_with_its_activation_equals_keras(
    batch: int, height: int, width: int, channels: int, filters: int, activation: str
) -> None:
    x = images(batch, height, width, channels)
    follows = {"relu": [layers.ReLU()], "leaky": [layers.LeakyReLU(0.2)], "": []}[activation]
    doubled = [layers.UpSampling2D(), layers.Conv2D(filters, 4, padding="same")]
    assert_equals_keras(chain(x, *doubled, *follows), x)


@pytest.mark.parametrize("height", [3, 4])
@pytest.mark.parametrize("then", ["one channel", "dropout", "doubling", "strides", "nothing"])
def test_what_follows_an_upsampled_convolution_sees_whole_images(height: int, then: str) -> None:
    """Whether its output still lies in pieces, as with even sides, or not."""
    follows = {
        "one channel": [layers.Conv2D(1, 7, padding="same"), layers.Conv2D(2, 3)],
        "dropout": [layers.ReLU(), layers.Dropout(0.0), layers.Flatten()],
        "doubling": [layers.UpSampling2D(), layers.Conv2D(3, 4, padding="same")],
        "strides": [layers.Conv2D(4, 3, 2, padding="same")],
        "nothing": [],
    }[then]
    x = images(3, height, 6, 4)
    # Activated first, for normalisation would take the bias off again, whose gradient is then nothing.
    doubled = [layers.UpSampling2D(), layers.Conv2D(5, 4, padding="same"), layers.LeakyReLU(0.2)]
    assert_equals_keras(chain(x, *doubled, layers.BatchNormalization(), *follows), x)


@settings(max_examples=30, deadline=None, derandomize=True)
@given(st.integers(2, 4), sides, sides, channel_counts)
def test_normalisation_equals_keras(batch: int, height: int, width: int, channels: int) -> None:
    """And leaves the same moving averages."""
    x = images(batch, height, width, channels)
    model = chain(x, layers.BatchNormalization(momentum=0.9))
    for mine, other in zip(*(results(call, model, x) for call in (forward, plain)), strict=True):
        # Of one pixel in two images the gradient by x cancels to nothing, which has no scale of its own.
        np.testing.assert_allclose(mine, other, rtol=0, atol=TOLERANCE * max(1, np.abs(other).max()))


@settings(max_examples=40, deadline=None, derandomize=True)
@given(st.integers(1, 3), sides, sides, channel_counts, kernel_sizes)
def test_convolution_to_one_channel_equals_keras(
    batch: int, height: int, width: int, channels: int, size: int
) -> None:
    x = images(batch, height, width, channels)
    assert_equals_keras(chain(x, layers.Conv2D(1, size, padding="same")), x)


class HalvedConv2D(layers.Conv2D):
    """A kind of convolution that computes something else."""

    def call(self, inputs: tf.Tensor) -> tf.Tensor:
        return super().call(inputs) / 2


@pytest.mark.parametrize(
    "alike",
    [
        [layers.UpSampling2D()],
        [layers.UpSampling2D(), layers.ReLU(), layers.Conv2D(3, 3, padding="same")],
        [layers.UpSampling2D(3), layers.Conv2D(3, 3, padding="same")],
        [layers.UpSampling2D((1, 2)), layers.Conv2D(3, 3, padding="same")],
        [layers.UpSampling2D(interpolation="bilinear"), layers.Conv2D(3, 3, padding="same")],
        [layers.UpSampling2D(), layers.Conv2D(3, 3)],
        [layers.UpSampling2D(), layers.Conv2D(3, 3, 2, padding="same")],
        [layers.UpSampling2D(), layers.Conv2D(3, 3, padding="same", dilation_rate=2)],
        [layers.UpSampling2D(), layers.Conv2D(4, 3, padding="same", groups=2)],
        [layers.UpSampling2D(), layers.Conv2D(3, 3, padding="same", use_bias=False)],
        [layers.UpSampling2D(), layers.Conv2D(3, 3, padding="same", activation="relu")],
        [layers.UpSampling2D(), layers.Conv2D(3, (3, 5), padding="same")],
        [layers.UpSampling2D(), layers.DepthwiseConv2D(3, padding="same")],
        [layers.UpSampling2D(), layers.Conv2D(3, 2, padding="same")],
        [layers.UpSampling2D(), layers.Conv2D(3, 3, padding="same"), layers.ReLU(), layers.LeakyReLU()],
        [layers.BatchNormalization(scale=False)],
        [layers.BatchNormalization(center=False)],
        [layers.BatchNormalization(axis=1)],
        [layers.BatchNormalization(renorm=True)],
        [layers.BatchNormalization(trainable=False)],
        [layers.Masking(0.0), layers.BatchNormalization()],
        [layers.UpSampling2D(), HalvedConv2D(3, 3, padding="same")],
        [layers.ReLU(dtype="float64"), layers.UpSampling2D(), layers.Conv2D(3, 3, padding="same")],
        [layers.UpSampling2D(dtype="float64"), layers.Conv2D(3, 3, padding="same", dtype="float64")],
        [layers.Conv2D(1, 3, padding="same", dtype="mixed_bfloat16")],
        [layers.Conv2D(1, 3, padding="same", dilation_rate=2)],
        [layers.Conv2D(1, 3, padding="same", use_bias=False)],
        [layers.Conv2D(1, (5, 3), padding="same")],
        [layers.Conv2D(1, 4, 2, padding="same")],
        [layers.Conv2DTranspose(1, 3, padding="same")],
    ],
    ids=lambda alike: " ".join(layer.name for layer in alike),
)
def test_what_only_resembles_the_fast_patterns_is_left_to_keras(alike: list[layers.Layer]) -> None:
    """Some pixels are masked, for they are zero."""
    x = images(2, 5, 6, 4)
    x[:, 1:3] = 0
    assert_equals_keras(chain(x, *alike), x)


def test_fast_patterns_are_really_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    x = images(1, 3, 3, 2)
    model = chain(
        x, layers.UpSampling2D(), layers.Conv2D(4, 3, padding="same"), layers.Conv2D(1, 7, padding="same")
    )
    expected = model(x)

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("the slow way was taken")

    for layer in model.layers:
        monkeypatch.setattr(layer, "call", refuse)
    np.testing.assert_allclose(forward(model, x, training=False), expected, atol=1e-5)


def test_convolution_to_one_channel_by_hand() -> None:
    """Kernel 10 100 1000 along a row 1 2 3: a pixel's left neighbour counts tenfold, and so on."""
    x = np.array([1, 2, 3], np.float32).reshape(1, 1, 3, 1)
    kernel = np.zeros((3, 3, 1, 1), np.float32)
    kernel[1, :, 0, 0] = [10, 100, 1000]
    assert conv2d_to_one_channel(Images(x), kernel).numpy().ravel().tolist() == [2100, 3210, 320]


def test_sum_of_shifted_maps_by_hand() -> None:
    """The first of nine taps sees the pixel above left, the fifth its own, the last the one below right."""
    maps = np.zeros((1, 2, 2, 9), np.float32)
    maps[0, 0, 0, 0], maps[0, 1, 1, 8], maps[0, 0, 1, 4] = 5, 7, 1
    assert sum_shifted(tf.constant(maps)).numpy().ravel().tolist() == [7, 1, 0, 5]


def test_normalisation_by_hand() -> None:
    """Of 1, 3 the mean is 2 and the variance 1, so they become -1, 1; then times 10, plus 5."""
    x = tf.constant([1.0, 3.0], shape=(2, 1, 1, 1))
    output, mean, variance = batch_normalise(x, tf.constant([10.0]), tf.constant([5.0]), epsilon=2e-5)
    np.testing.assert_allclose(output.numpy().ravel(), [-5, 15], rtol=1e-4)
    np.testing.assert_allclose([mean[0], variance[0]], [2, 1], rtol=1e-6)


def test_narrow_convolutions_are_left_to_keras(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fast, "FEWEST_CHANNELS", 4)
    monkeypatch.setattr(fast, "upsample_conv2d", None)
    monkeypatch.setattr(fast, "conv2d_to_one_channel", None)
    x = images(1, 3, 3, 3)
    forward(chain(x, layers.UpSampling2D(), layers.Conv2D(8, 3, padding="same")), x, training=True)
    forward(chain(x, layers.Conv2D(1, 3, padding="same")), x, training=True)


@pytest.mark.parametrize("training", [False, True])
def test_training_reaches_dropout_and_normalisation(training: bool) -> None:
    x = images(64, 4)
    model = chain(x, layers.BatchNormalization(momentum=0.5), layers.Dropout(0.5, seed=1))
    moving_mean = model.layers[0].moving_mean.numpy()
    output = forward(model, x, training=training).numpy()
    assert bool((output == 0).any()) is training
    expected = (moving_mean + x.mean(axis=0)) / 2 if training else moving_mean
    np.testing.assert_allclose(model.layers[0].moving_mean.numpy(), expected, rtol=1e-5)
