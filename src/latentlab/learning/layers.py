"""Faster ways to compute what plain Keras layers compute, on the weights of those layers.

A model is built, saved and loaded from stock Keras layers. Training calls it through
:func:`forward`, which replaces three costly patterns by equal ones and leaves the rest to Keras.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from latentlab.learning.doubling import KERNEL_SIZES, Images, upsample_conv2d
from latentlab.learning.tensors import Tensor

# What a layer must be for the fast ways to equal it.
NEAREST_DOUBLING = {"size": (2, 2), "interpolation": "nearest", "data_format": "channels_last"}
PLAIN_CONVOLUTION = {
    "strides": (1, 1),
    "padding": "same",
    "data_format": "channels_last",
    "dilation_rate": (1, 1),
    "groups": 1,
    "activation": keras.activations.linear,
    "use_bias": True,
}
PLAIN_NORMALISATION = {"axis": -1, "center": True, "scale": True, "trainable": True, "synchronized": False}
ACTIVATIONS = (keras.layers.ReLU, keras.layers.LeakyReLU)
# Below it, a convolution is bound by memory and not by its multiplications, and there is nothing to save.
FEWEST_CHANNELS = 32
# Smaller ones have no neighbour on each side.
SMALLEST_KERNEL = 3


def forward(layers: Sequence[keras.layers.Layer], x: Tensor, *, training: bool) -> Tensor:
    """Call layers one after the other, each in the fastest way known.

    Args:
        layers: the layers of a chain; the input layer of a model may be among them.
        x: float32 (batch, ...), with a static shape.
        training: whether dropout is on and batch normalisation uses and updates batch statistics.

    Returns:
        The last layer's output, float32, equal to that of the plain calls up to rounding.
    """
    remaining = [layer for layer in layers if not isinstance(layer, keras.layers.InputLayer)]
    images = Images(x)
    while remaining:
        images = _take(remaining, images, training)
    return images.whole()


def crops(image_shape: tuple[int, int, int], factor: int) -> list[keras.layers.Layer]:
    """What crops images to a shape (height, width, channels) from the next multiples of a factor.

    One layer, which takes pixels off the bottom and the right; none where both sides are multiples.
    """
    rest = [(0, -side % factor) for side in image_shape[:2]]
    return [keras.layers.Cropping2D(rest, name="crop")] if rest != [(0, 0), (0, 0)] else []


def conv2d_to_one_channel(images: Images, kernel: Tensor) -> Tensor:
    """A 'same' convolution with a single filter, as one matrix product and a sum of shifted maps.

    Args:
        images: (batch, height, width, channels), whole or cut.
        kernel: float32 (k, k, channels, 1).

    Returns:
        float32 (batch, height, width, 1).
    """
    kernel = tf.convert_to_tensor(kernel)
    taps = tf.reshape(kernel, [-1, kernel.shape[2]])

    def products(x: Tensor) -> Tensor:
        flat = tf.matmul(tf.reshape(x, [-1, x.shape[-1]]), taps, transpose_b=True)
        return tf.reshape(flat, [*x.shape[:-1], len(taps)])

    return sum_shifted(images.each(products).whole())


@tf.custom_gradient
def sum_shifted(maps: Tensor) -> tuple[Tensor, Callable[[Tensor], Tensor]]:
    """The sum of maps, one for each tap of a square kernel, each shifted to where its tap lies.

    Args:
        maps: float32 (batch, height, width, k * k), zero outside.

    Returns:
        float32 (batch, height, width, 1). Its gradient is a convolution that hands each tap its
        shifted copy, which is several times faster than the gradient of slices.
    """
    size = math.isqrt(maps.shape[-1])
    before, after = _same_padding(size)
    copies = np.eye(size * size, dtype=np.float32).reshape(size, size, 1, size * size)[::-1, ::-1]

    def gradient(upstream: Tensor) -> Tensor:
        return tf.nn.conv2d(upstream, copies, 1, [[0, 0], [after, before], [after, before], [0, 0]])

    return _compile(_sum_shifted)(maps), gradient


def batch_normalise(x: Tensor, gamma: Tensor, beta: Tensor, epsilon: float) -> tuple[Tensor, Tensor, Tensor]:
    """Normalise each channel over the batch (Ioffe and Szegedy 2015, algorithm 1), in one fused operation.

    Args:
        x: float32 (batch, height, width, channels).
        gamma, beta: float32 (channels,), the scale and the shift.
        epsilon: added to the variance.

    Returns:
        The normalised x, and the mean and the biased variance of each channel, (channels,).
    """
    count = tf.cast(tf.size(x) // x.shape[-1], tf.float32)
    output, mean, unbiased = tf.compat.v1.nn.fused_batch_norm(x, gamma, beta, epsilon=epsilon)
    return output, mean, unbiased * ((count - 1) / count)


def _take(remaining: list[keras.layers.Layer], images: Images, training: bool) -> Images:
    """The images after the first of the remaining layers, or after two, which are taken off the list."""
    layer = remaining.pop(0)
    if remaining and _is_nearest_doubling(layer) and _is_wide(remaining[0], images):
        return _upsample(images.whole(), remaining.pop(0), remaining)
    if _is_plain_conv2d(layer) and layer.filters == 1 and images.pixels.shape[-1] >= FEWEST_CHANNELS:
        return Images(conv2d_to_one_channel(images, layer.kernel) + layer.bias)
    if training and _is_plain_normalisation(layer, images):
        return images.each(lambda pixels: _normalise(pixels, layer))
    if isinstance(layer, ACTIVATIONS):
        return images.each(layer)
    return Images(layer(images.whole(), training=training))


def _upsample(x: Tensor, conv: keras.layers.Conv2D, remaining: list[keras.layers.Layer]) -> Images:
    """Doubling and convolution, and in one piece of XLA, which gains on both, the bias and an activation."""
    activation = remaining.pop(0) if remaining and isinstance(remaining[0], ACTIVATIONS) else None

    def piece(pixels: Tensor) -> Tensor:
        return activation(pixels + conv.bias) if activation else pixels + conv.bias

    return upsample_conv2d(x, conv.kernel).each(_compile(piece))


def _normalise(x: Tensor, layer: keras.layers.BatchNormalization) -> Tensor:
    output, mean, variance = batch_normalise(x, layer.gamma, layer.beta, layer.epsilon)
    for moving, value in ((layer.moving_mean, mean), (layer.moving_variance, variance)):
        moving.assign(moving * layer.momentum + value * (1 - layer.momentum))
    return output


def _compile(function: Callable[[Tensor], Tensor]) -> Callable[[Tensor], Tensor]:
    return tf.function(function, jit_compile=True)


def _sum_shifted(maps: Tensor) -> Tensor:
    _, height, width, num_taps = maps.shape
    size = math.isqrt(num_taps)
    padding = list(_same_padding(size))
    padded = tf.pad(maps, [[0, 0], padding, padding, [0, 0]])
    shifts = [(row, column) for row in range(size) for column in range(size)]
    shifted = [padded[:, i : i + height, j : j + width, size * i + j] for i, j in shifts]
    return tf.add_n(shifted)[..., tf.newaxis]


def _is_nearest_doubling(layer: keras.layers.Layer) -> bool:
    return isinstance(layer, keras.layers.UpSampling2D) and _has(layer, NEAREST_DOUBLING)


def _is_plain_conv2d(layer: keras.layers.Layer) -> bool:
    return (
        isinstance(layer, keras.layers.Conv2D)
        and _has(layer, PLAIN_CONVOLUTION)
        and layer.kernel_size[0] == layer.kernel_size[1] >= SMALLEST_KERNEL
    )


def _is_wide(layer: keras.layers.Layer, images: Images) -> bool:
    narrowest = min(layer.filters, images.pixels.shape[-1]) if _is_plain_conv2d(layer) else 0
    return narrowest >= FEWEST_CHANNELS and layer.kernel_size[0] in KERNEL_SIZES


def _is_plain_normalisation(layer: keras.layers.Layer, images: Images) -> bool:
    is_norm = isinstance(layer, keras.layers.BatchNormalization) and _has(layer, PLAIN_NORMALISATION)
    return is_norm and len(images.pixels.shape) == 4


def _has(layer: keras.layers.Layer, settings: Mapping[str, Any]) -> bool:
    return all(getattr(layer, name) == value for name, value in settings.items())


def _same_padding(size: int) -> tuple[int, int]:
    return (size - 1) // 2, size // 2
