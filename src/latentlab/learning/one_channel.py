"""Convolutions to one channel, as one matrix product and a sum of shifted maps."""

import math
from collections.abc import Callable

import numpy as np
import tensorflow as tf

from latentlab.learning.doubling import Images
from latentlab.learning.tensors import Tensor


def conv2d_to_one_channel(images: Images, kernel: Tensor) -> Tensor:
    """A 'same' convolution with a single filter: the products with each tap, shifted and added up.

    Args:
        images: float32 or bfloat16 (batch, height, width, channels), whole or cut; the type in which is
            multiplied.
        kernel: float32 (k, k, channels, 1).

    Returns:
        float32 (batch, height, width, 1).
    """
    kernel = tf.convert_to_tensor(kernel)
    taps = tf.cast(tf.reshape(kernel, [-1, kernel.shape[2]]), images.pixels.dtype)

    def products(x: Tensor) -> Tensor:
        flat = tf.matmul(tf.reshape(x, [-1, x.shape[-1]]), taps, transpose_b=True)
        return tf.reshape(flat, [*x.shape[:-1], len(taps)])

    return sum_shifted(tf.cast(images.each(products).whole(), tf.float32))


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

    return tf.function(_sum_shifted, jit_compile=True)(maps), gradient


def _sum_shifted(maps: Tensor) -> Tensor:
    _, height, width, num_taps = maps.shape
    size = math.isqrt(num_taps)
    padding = list(_same_padding(size))
    padded = tf.pad(maps, [[0, 0], padding, padding, [0, 0]])
    shifts = [(row, column) for row in range(size) for column in range(size)]
    shifted = [padded[:, i : i + height, j : j + width, size * i + j] for i, j in shifts]
    return tf.add_n(shifted)[..., tf.newaxis]


def _same_padding(size: int) -> tuple[int, int]:
    return (size - 1) // 2, size // 2
