"""Faster ways to compute what plain Keras layers compute, on the weights of those layers.

A model is built, saved and loaded from stock Keras layers. Training calls it through
:func:`forward`, which replaces three costly patterns by equal ones and leaves the rest to Keras.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

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
PLAIN_NORMALISATION = {"axis": -1, "center": True, "scale": True, "trainable": True, "synchronized": False}
ACTIVATIONS = (keras.layers.ReLU, keras.layers.LeakyReLU)
# Below it, a convolution is bound by memory and not by its multiplications, and there is nothing to save.
FEWEST_CHANNELS = 32
# Smaller ones have no second tap in each direction that the fast ways could share.
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
    while remaining:
        layer = remaining.pop(0)
        if remaining and _is_nearest_doubling(layer) and _is_wide(remaining[0], x):
            conv = remaining.pop(0)
            activation = remaining.pop(0) if remaining and isinstance(remaining[0], ACTIVATIONS) else None
            x = _upsample(x, conv, activation)
        elif _is_plain_conv2d(layer) and layer.filters == 1 and x.shape[-1] >= FEWEST_CHANNELS:
            x = conv2d_to_one_channel(x, layer.kernel) + layer.bias
        elif training and _is_plain_normalisation(layer, x):
            x = _normalise(x, layer)
        else:
            x = layer(x, training=training)
    return x


def crops(image_shape: tuple[int, int, int], factor: int) -> list[keras.layers.Layer]:
    """What crops images to a shape (height, width, channels) from the next multiples of a factor.

    One layer, which takes pixels off the bottom and the right; none where both sides are multiples.
    """
    rest = [(0, -side % factor) for side in image_shape[:2]]
    return [keras.layers.Cropping2D(rest, name="crop")] if rest != [(0, 0), (0, 0)] else []


def upsample_conv2d(x: Tensor, kernel: Tensor) -> Tensor:
    """Nearest-neighbour doubling followed by a 'same' convolution, without the doubled image.

    Along one axis, output pixels of one parity are a smaller convolution of the source, whose kernel
    sums the taps that fall on one source pixel; and the two parities differ by a convolution of the
    differences of neighbours, with every other tap. So one parity and the difference are computed,
    along both axes: 4 x 4 multiplications for 2 x 2 output pixels in place of 8 x 8 for a kernel of
    4 x 4, and 4 x 4 in place of 6 x 6 for 3 x 3.

    Args:
        x: float32 (batch, height, width, channels).
        kernel: float32 (k, k, channels, filters), k of 3 or more.

    Returns:
        float32 (batch, 2 height, 2 width, filters).
    """
    kernel = tf.convert_to_tensor(kernel)
    split = _split_parities(kernel.shape[0])
    even, odd = zip(
        *(split.parities(*_convolve_row(x, kernel, row, split)) for row in split.parts), strict=True
    )
    maps = zip(split.parities(*even), split.parities(*odd), strict=True)
    return tf.nn.depth_to_space(tf.concat([column for row in maps for column in row], -1), 2)


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
    num_taps = kernel.shape[0] ** 2
    taps = tf.transpose(tf.reshape(kernel, [num_taps, channels]))
    return sum_shifted(tf.reshape(tf.reshape(x, [-1, channels]) @ taps, [-1, height, width, num_taps]))


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


def _upsample(x: Tensor, conv: keras.layers.Conv2D, activation: keras.layers.Layer | None) -> Tensor:
    """Doubling, convolution, bias and activation in one piece of XLA, which gains on all of them."""

    def piece(source: Tensor) -> Tensor:
        doubled = upsample_conv2d(source, conv.kernel) + conv.bias
        return activation(doubled) if activation else doubled

    return _compile(piece)(x)


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


def _is_wide(layer: keras.layers.Layer, x: Tensor) -> bool:
    return _is_plain_conv2d(layer) and min(layer.filters, x.shape[-1]) >= FEWEST_CHANNELS


def _is_plain_normalisation(layer: keras.layers.Layer, x: Tensor) -> bool:
    is_norm = isinstance(layer, keras.layers.BatchNormalization) and _has(layer, PLAIN_NORMALISATION)
    return is_norm and len(x.shape) == 4


def _has(layer: keras.layers.Layer, settings: Mapping[str, Any]) -> bool:
    return all(getattr(layer, name) == value for name, value in settings.items())


def _same_padding(size: int) -> tuple[int, int]:
    return (size - 1) // 2, size // 2


class Part(NamedTuple):
    """A smaller convolution along one axis.

    Attributes:
        sums: 0/1, (source pixels, taps): which taps of the whole kernel are summed for which source pixel.
        padding: zeros before and after the source.
        of_differences: whether it convolves the differences of neighbours rather than the source.
    """

    sums: npt.NDArray[np.float32]
    padding: list[int]
    of_differences: bool


class Split(NamedTuple):
    """Output pixels of the two parities along one axis, as one of them and how the other differs.

    Attributes:
        parity: which one is computed itself, that with the fewer source pixels.
        parts: its convolution, and the convolution that gives odd minus even.
    """

    parity: int
    parts: tuple[Part, Part]

    def parities(self, itself: Tensor, difference: Tensor) -> tuple[Tensor, Tensor]:
        """Even and odd output pixels, from what the two parts gave."""
        return (itself - difference, itself) if self.parity else (itself, itself + difference)


def _split_parities(size: int) -> Split:
    """How a 'same' convolution of a doubled image splits along one axis, for a kernel of ``size`` taps."""
    taps = np.arange(size) - _same_padding(size)[0]
    sources = [taps // 2, (taps + 1) // 2]  # The source pixel under each tap, for even and odd outputs.
    parity = int(np.argmin([np.ptp(source) for source in sources]))
    moving = sources[0] != sources[1]
    return Split(parity, (_part(sources[parity], np.full(size, True)), _part(sources[0], moving)))


def _part(sources: npt.NDArray[np.int64], counted: npt.NDArray[np.bool_]) -> Part:
    first, last = int(sources[counted][0]), int(sources[counted][-1])
    sums = (np.arange(first, last + 1)[:, np.newaxis] == sources) & counted
    of_differences = not counted.all()
    # The first difference is that with the zero before the source.
    return Part(sums.astype(np.float32), [-first - of_differences, last], of_differences)


def _convolve_row(x: Tensor, kernel: Tensor, row: Part, split: Split) -> list[Tensor]:
    return [_convolve_part(x, kernel, row, column) for column in split.parts]


def _convolve_part(x: Tensor, kernel: Tensor, row: Part, column: Part) -> Tensor:
    for axis, part in ((1, row), (2, column)):
        if part.of_differences:
            x = _differences(x, axis)
    summed = tf.einsum("pa,qb,abio->pqio", row.sums, column.sums, kernel)
    return tf.nn.conv2d(x, summed, 1, [[0, 0], row.padding, column.padding, [0, 0]])


def _differences(x: Tensor, axis: int) -> Tensor:
    """Each pixel minus the one before it, with zeros around: one longer than x along the axis."""
    before, after = np.zeros((2, 4, 2), int)
    before[axis, 0] = after[axis, 1] = 1
    return tf.pad(x, after) - tf.pad(x, before)
