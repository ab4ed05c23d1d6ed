"""Faster ways to compute what plain Keras layers compute, on the weights of those layers.

A model is built, saved and loaded from stock Keras layers. Training calls it through
:func:`forward`, which replaces two costly patterns by equal ones and leaves the rest to Keras.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import keras
import numpy as np
import numpy.typing as npt
import tensorflow as tf

# TensorFlow ships no types that a checker could follow.
Tensor = Any

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
    while remaining:
        layer = remaining.pop(0)
        if remaining and _is_nearest_doubling(layer) and _is_plain_conv2d(remaining[0]):
            conv = remaining.pop(0)
            x = upsample_conv2d(x, conv.kernel) + conv.bias
        elif _is_plain_conv2d(layer) and layer.filters == 1:
            x = conv2d_to_one_channel(x, layer.kernel) + layer.bias
        else:
            x = layer(x, training=training)
    return x


def upsample_conv2d(x: Tensor, kernel: Tensor) -> Tensor:
    """Nearest-neighbour doubling followed by a 'same' convolution, without the doubled image.

    Each output pixel of one phase (row parity, column parity) sees every source pixel under one or
    two taps, so each phase is a smaller convolution of the source whose kernel sums those taps:
    25/4 multiplications instead of 16 for a 4 x 4 kernel, 4 instead of 9 for 3 x 3.

    Args:
        x: float32 (batch, height, width, channels).
        kernel: float32 (k, k, channels, filters).

    Returns:
        float32 (batch, 2 height, 2 width, filters).
    """
    kernel = tf.convert_to_tensor(kernel)
    _, height, width, _ = x.shape
    phases = [_phase(kernel.shape[0], parity) for parity in (0, 1)]
    rows = [tf.stack([_convolve_phase(x, kernel, row, column) for column in phases], 3) for row in phases]
    return tf.reshape(tf.stack(rows, 2), [-1, 2 * height, 2 * width, kernel.shape[3]])


def conv2d_to_one_channel(x: Tensor, kernel: Tensor) -> Tensor:
    """A 'same' convolution with a single filter, as one matrix product and a sum of shifted maps.

    Args:
        x: float32 (batch, height, width, channels).
        kernel: float32 (k, k, channels, 1).

    Returns:
        float32 (batch, height, width, 1).
    """
    kernel = tf.convert_to_tensor(kernel)
    _, height, width, channels = x.shape
    size = kernel.shape[0]
    before, after = _same_padding(size)
    taps = tf.transpose(tf.reshape(kernel, [size * size, channels]))
    maps = tf.reshape(tf.reshape(x, [-1, channels]) @ taps, [-1, height, width, size * size])
    maps = tf.pad(maps, [[0, 0], [before, after], [before, after], [0, 0]])
    shifts = [(row, column) for row in range(size) for column in range(size)]
    shifted = [maps[:, i : i + height, j : j + width, size * i + j] for i, j in shifts]
    return tf.add_n(shifted)[..., tf.newaxis]


def _is_nearest_doubling(layer: keras.layers.Layer) -> bool:
    return isinstance(layer, keras.layers.UpSampling2D) and _has(layer, NEAREST_DOUBLING)


def _is_plain_conv2d(layer: keras.layers.Layer) -> bool:
    return (
        isinstance(layer, keras.layers.Conv2D)
        and _has(layer, PLAIN_CONVOLUTION)
        and layer.kernel_size[0] == layer.kernel_size[1]
    )


def _has(layer: keras.layers.Layer, settings: Mapping[str, Any]) -> bool:
    return all(getattr(layer, name) == value for name, value in settings.items())


def _same_padding(size: int) -> tuple[int, int]:
    return (size - 1) // 2, size // 2


def _phase(size: int, parity: int) -> tuple[npt.NDArray[np.float32], list[int]]:
    """Which taps fall on which source pixel, for output pixels of one parity.

    Returns:
        A 0/1 matrix (source pixels, taps), and the zero padding [before, after] that the smaller
        convolution needs.
    """
    before, _ = _same_padding(size)
    offsets = (parity + np.arange(size) - before) // 2
    sums = np.arange(offsets[0], offsets[-1] + 1)[:, np.newaxis] == offsets
    return sums.astype(np.float32), [-int(offsets[0]), int(offsets[-1])]


def _convolve_phase(x: Tensor, kernel: Tensor, row: Any, column: Any) -> Tensor:
    (row_sums, row_padding), (column_sums, column_padding) = row, column
    summed = tf.einsum("pa,qb,abio->pqio", row_sums, column_sums, kernel)
    return tf.nn.conv2d(x, summed, 1, [[0, 0], row_padding, column_padding, [0, 0]])
