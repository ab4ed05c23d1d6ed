"""The fast layers against the plain Keras layers that they stand for."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st
from keras import layers

from latentlab.learning import layers as fast
from latentlab.learning.doubling import Images
from latentlab.learning.layers import batch_normalise, conv2d_to_one_channel, forward, sum_shifted

Array = npt.NDArray[np.float32]
TOLERANCE = 1e-5

sides = st.integers(1, 9)
channel_counts = st.integers(1, 9)
kernel_sizes = st.sampled_from([3, 4, 5, 7])


@pytest.fixture(autouse=True, scope="module")
def every_width_is_fast() -> Iterator[None]:
    """Few channels go the fast ways too, and nothing is compiled for each of the random shapes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fast, "FEWEST_CHANNELS", 1)
        tf.config.run_functions_eagerly(True)
        yield
        tf.config.run_functions_eagerly(False)


def plain(chain: Sequence[layers.Layer], x: Any, *, training: bool) -> Any:
    for layer in chain:
        x = layer(x, training=training)
    return x


def chain_for(x: Array, *chain: layers.Layer) -> list[layers.Layer]:
    """A chain built for x, with random biases in place of zeros."""
    plain(chain, x, training=False)
    rng = np.random.default_rng(1)
    for layer in chain:
        layer.set_weights([value + rng.normal(size=value.shape) / 9 for value in layer.get_weights()])
    return list(chain)


def images(*shape: int) -> Array:
    return np.random.default_rng(0).standard_normal(shape, dtype=np.float32)


def output_and_gradients(call: Any, chain: Sequence[layers.Layer], x: Array) -> list[Array]:
    """The output, and the gradients of a random weighing of it by x and by every weight."""
    source = tf.constant(x)
    weights = [weight.value for layer in chain for weight in layer.trainable_variables]
    with tf.GradientTape() as tape:
        tape.watch(source)
        output = call(chain, source, training=True)
        weighed = tf.reduce_sum(output * images(*output.shape)[::-1])
    return [output.numpy(), *(gradient.numpy() for gradient in tape.gradient(weighed, [source, *weights]))]


def assert_equal(chain: Sequence[layers.Layer], x: Array) -> None:
    ours, theirs = (output_and_gradients(call, chain, x) for call in (forward, plain))
    for mine, other in zip(ours, theirs, strict=True):
        assert mine.shape == other.shape
        np.testing.assert_allclose(mine, other, rtol=0, atol=TOLERANCE * np.abs(other).max())


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.integers(1, 3), sides, sides, channel_counts, channel_counts, kernel_sizes)
def test_upsampled_convolution_equals_keras(
    batch: int, height: int, width: int, channels: int, filters: int, size: int
) -> None:
    x = images(batch, height, width, channels)
    assert_equal(chain_for(x, layers.UpSampling2D(), layers.Conv2D(filters, size, padding="same")), x)


@settings(max_examples=30, deadline=None, derandomize=True)
@given(
    st.integers(1, 3), sides, sides, channel_counts, channel_counts, st.sampled_from(["relu", "leaky", ""])
)
def test_upsampled_convolution_with_its_activation_equals_keras(
    batch: int, height: int, width: int, channels: int, filters: int, activation: str
) -> None:
    x = images(batch, height, width, channels)
    follows = {"relu": [layers.ReLU()], "leaky": [layers.LeakyReLU(0.2)], "": []}[activation]
    chain = [layers.UpSampling2D(), layers.Conv2D(filters, 4, padding="same"), *follows]
    assert_equal(chain_for(x, *chain), x)


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
    chain = [layers.UpSampling2D(), layers.Conv2D(5, 4, padding="same"), layers.LeakyReLU(0.2)]
    assert_equal(chain_for(x, *chain, layers.BatchNormalization(), *follows), x)


@settings(max_examples=30, deadline=None, derandomize=True)
@given(st.integers(2, 4), sides, sides, channel_counts)
def test_normalisation_equals_keras(batch: int, height: int, width: int, channels: int) -> None:
    """And leaves the same moving averages."""
    x = images(batch, height, width, channels)
    ours, theirs = (layers.BatchNormalization(momentum=0.9) for _ in range(2))
    for layer in (ours, theirs):
        chain_for(x, layer)
    mine, other = output_and_gradients(forward, [ours], x), output_and_gradients(plain, [theirs], x)
    for value, expected in zip(mine, other, strict=True):
        # Of one pixel in two images the gradient by x cancels to nothing, which has no scale of its own.
        np.testing.assert_allclose(value, expected, rtol=0, atol=TOLERANCE * max(1, np.abs(expected).max()))
    for value, expected in zip(ours.get_weights(), theirs.get_weights(), strict=True):
        np.testing.assert_allclose(value, expected, rtol=TOLERANCE, atol=TOLERANCE)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(st.integers(1, 3), sides, sides, channel_counts, kernel_sizes)
def test_convolution_to_one_channel_equals_keras(
    batch: int, height: int, width: int, channels: int, size: int
) -> None:
    x = images(batch, height, width, channels)
    assert_equal(chain_for(x, layers.Conv2D(1, size, padding="same")), x)


@pytest.mark.parametrize(
    "chain",
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
        [layers.Conv2D(1, 3, padding="same", dilation_rate=2)],
        [layers.Conv2D(1, 3, padding="same", use_bias=False)],
        [layers.Conv2D(1, (5, 3), padding="same")],
        [layers.Conv2D(1, 4, 2, padding="same")],
        [layers.Conv2DTranspose(1, 3, padding="same")],
    ],
    ids=lambda chain: " ".join(layer.name for layer in chain),
)
def test_what_only_resembles_the_fast_patterns_is_left_to_keras(chain: list[layers.Layer]) -> None:
    x = images(2, 5, 6, 4)
    assert_equal(chain_for(x, *chain), x)


def test_fast_patterns_are_really_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    x = images(1, 3, 3, 2)
    chain = chain_for(
        x, layers.UpSampling2D(), layers.Conv2D(4, 3, padding="same"), layers.Conv2D(1, 7, padding="same")
    )
    expected = plain(chain, x, training=False)

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("the slow way was taken")

    for layer in chain:
        monkeypatch.setattr(layer, "call", refuse)
    np.testing.assert_allclose(forward(chain, x, training=False), expected, atol=1e-5)


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
    forward(chain_for(x, layers.UpSampling2D(), layers.Conv2D(8, 3, padding="same")), x, training=True)
    forward(chain_for(x, layers.Conv2D(1, 3, padding="same")), x, training=True)


@pytest.mark.parametrize("training", [False, True])
def test_training_reaches_dropout_and_normalisation(training: bool) -> None:
    x = images(64, 4)
    chain = chain_for(x, layers.BatchNormalization(momentum=0.5), layers.Dropout(0.5, seed=1))
    moving_mean = chain[0].moving_mean.numpy()
    output = forward([layers.InputLayer((4,)), *chain], x, training=training).numpy()
    assert bool((output == 0).any()) is training
    expected = (moving_mean + x.mean(axis=0)) / 2 if training else moving_mean
    np.testing.assert_allclose(chain[0].moving_mean.numpy(), expected, rtol=1e-5)
