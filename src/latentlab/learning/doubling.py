"""Nearest-neighbour doubling followed by a 'same' convolution, by Winograd's minimal filtering.

Along one axis, the source pixels b and c, their neighbours a and d, and the taps k0 to k3 give the four
output pixels::

    a k0 + b (k1 + k2) + c k3      b (k0 + k1) + c (k2 + k3)
    b k0 + c (k1 + k2) + d k3      c (k0 + k1) + d (k2 + k3)

which are sums and differences of six products::

    (a - c) k0      (b + c) (k0 + k1 + k2 + k3) / 2      (c - b) (k0 - k1 - k2 + k3) / 2
    (b - d) k3      (b - d) (k2 + k3)                    (c - b) (k2 + k3 - k0 - k1) / 2

Along both axes, a tile of 2 x 2 source pixels takes 6 x 6 products for each channel and filter, where the
plain way takes 16 x 16 (Winograd 1980; for networks Lavin and Gray 2016, section 4.1).
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import tensorflow as tf

from latentlab.learning.tensors import Tensor

Matrix = npt.NDArray[np.float32]

# From a, b, c, d to what is multiplied, from the taps to what it is multiplied with, and from the products to
# the output pixels.
OF_SOURCES = np.array(
    [[1, 0, -1, 0], [0, 1, 1, 0], [0, -1, 1, 0], [0, -1, 1, 0], [0, 1, 0, -1], [0, 1, 0, -1]], np.float32
)
OF_TAPS = np.array(
    [
        [1.0, 0.0, 0.0, 0.0],
        [0.5, 0.5, 0.5, 0.5],
        [0.5, -0.5, -0.5, 0.5],
        [-0.5, -0.5, 0.5, 0.5],
        [0.0, 0.0, 0.0, 1.0],
        [0.0, 0.0, 1.0, 1.0],
    ],
    np.float32,
)
OF_PRODUCTS = np.array(
    [[1, 1, 1, 0, 0, 0], [0, 1, 0, 1, 0, 0], [0, 1, -1, 0, -1, 0], [0, 1, 0, -1, 0, -1]], np.float32
)
# Three taps are four whose last is zero: both start at the pixel to the left.
KERNEL_SIZES = (3, 4)


class Images(NamedTuple):
    """Images, whole or each cut into 4 x 4 that interleave.

    Joining them is put off as long as pixels are treated one by one, for often fewer channels are to be moved
    afterwards.

    Attributes:
        pixels: (batch, ...), or if cut (16 batch, height / 4, width / 4, channels).
        are_cut: which it is.
    """

    pixels: Tensor
    are_cut: bool = False

    def whole(self) -> Tensor:
        """The images, (batch, ...)."""
        return _join(self.pixels, [0, 0]) if self.are_cut else self.pixels

    def each(self, function: Callable[[Tensor], Tensor]) -> "Images":
        """What a function makes of them for which neither a pixel's place counts nor its neighbours'."""
        return self._replace(pixels=function(self.pixels))


def upsample_conv2d(x: Tensor, kernel: Tensor) -> Images:
    """The convolution of a doubled image, without the doubled image.

    Args:
        x: float32 or bfloat16 (batch, height, width, channels); the type in which is multiplied.
        kernel: float32 (k, k, channels, filters), k one of ``KERNEL_SIZES``.

    Returns:
        (batch, 2 height, 2 width, filters) of x's type, cut if both sides of x are even.
    """
    channels, filters = kernel.shape[2:]
    tiles = tf.function(_tiles, jit_compile=True)(x)
    missing = [0, 4 - kernel.shape[0]]
    taps = tf.pad(kernel, [missing, missing, [0, 0], [0, 0]])
    of_tiles, of_products = (
        tf.cast(matrix, x.dtype) for matrix in (_of_tiles(), _along_both_axes(OF_PRODUCTS))
    )
    multiplied = tf.reshape(of_tiles @ tf.reshape(tiles, [16, -1]), [36, -1, channels])
    kernels = tf.reshape(_along_both_axes(OF_TAPS) @ tf.reshape(taps, [16, -1]), [36, channels, filters])
    products = tf.reshape(multiplied @ tf.cast(kernels, x.dtype), [36, -1])
    pixels = tf.reshape(of_products @ products, [*tiles.shape[:3], filters])
    rest = [2 * (side % 2) for side in x.shape[1:3]]
    return Images(_join(pixels, rest)) if any(rest) else Images(pixels, are_cut=True)


def _tiles(x: Tensor) -> Tensor:
    """The 4 x 4 source pixels in and around each tile: (16 batch, tile rows, tile columns, channels).

    The 16 are ordered by (row // 2, column // 2, row % 2, column % 2).
    """
    parities = tf.space_to_batch(x, [2, 2], [[1, 1 + side % 2] for side in x.shape[1:3]])
    rows, columns = (side - 1 for side in parities.shape[1:3])
    shifts = [(i, j) for i in (0, 1) for j in (0, 1)]
    return tf.concat([parities[:, i : i + rows, j : j + columns] for i, j in shifts], 0)


def _of_tiles() -> Matrix:
    """``OF_SOURCES`` along both axes, for the order of the 16 pixels that ``_tiles`` gives."""
    halves = OF_SOURCES.reshape(6, 2, 2)
    return np.einsum("pir,qjc->pqijrc", halves, halves).reshape(36, 16)


def _along_both_axes(matrix: Matrix) -> Matrix:
    return np.kron(matrix, matrix)


def _join(pixels: Tensor, rest: list[int]) -> Tensor:
    """Interleave 16 images, less the rest of the lowest rows and of the rightmost columns."""
    return tf.batch_to_space(pixels, [4, 4], [[0, count] for count in rest])
