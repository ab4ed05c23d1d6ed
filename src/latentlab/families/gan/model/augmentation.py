"""Differentiable augmentation (Zhao et al. 2020): the discriminator sees all images changed at random.

Real and generated alike: so it cannot learn few real images by heart, and the generator, through which the
gradients of the changes pass, is not led to make changed ones. Ranges are
those of the paper's appendix, for pixels in [-1, 1].
"""

from collections.abc import Callable, Sequence
from typing import Literal

import keras
import tensorflow as tf

from latentlab.learning.devices import drawn
from latentlab.learning.tensors import Tensor

Augmentation = Literal["flip", "colour", "shift", "cutout"]
# A random number for each image, (n, 1, 1, 1), uniform in a range.
Draw = Callable[[float, float], Tensor]
# Largest shift, and side of the square that is cut out, as shares of the image's side.
SHIFT, CUTOUT = 1 / 8, 1 / 2


def augment(images: Tensor, names: Sequence[Augmentation], seed: keras.random.SeedGenerator) -> Tensor:
    """Change each image at random.

    Args:
        images: float32 (n, height, width, channels) in [0, 1].
        names: of the changes, in the order in which they are made.
        seed: of the draws.

    Returns:
        The same shape; colours may leave [0, 1].
    """
    if not names:
        return images

    def draw(low: float, high: float) -> Tensor:
        return drawn(keras.random.uniform, (len(images), 1, 1, 1), low, high, seed=seed)

    centred = 2 * images - 1
    for name in names:
        centred = AUGMENTATIONS[name](centred, draw)
    return (centred + 1) / 2


def flip(images: Tensor, draw: Draw) -> Tensor:
    """Left for right, every second image."""
    return tf.where(draw(0, 1) < 0.5, images[:, :, ::-1], images)


def colour(images: Tensor, draw: Draw) -> Tensor:
    """Brightness by -0.5 to 0.5, then saturation times 0 to 2, then contrast times 0.5 to 1.5."""
    images = images + draw(-0.5, 0.5)
    images = _spread(images, draw(0, 2), axis=[3])
    return _spread(images, draw(0.5, 1.5), axis=[1, 2, 3])


def shift(images: Tensor, draw: Draw) -> Tensor:
    """By whole pixels up or down and left or right; what comes in is grey."""
    height, width = images.shape[1:3]
    rows, columns = (_moves(side, draw(-1, 1)) for side in (height, width))
    return tf.einsum("nij,njkc,nlk->nilc", rows, images, columns)


def cutout(images: Tensor, draw: Draw) -> Tensor:
    """A grey square, whose middle is anywhere in the image."""
    height, width = images.shape[1:3]
    rows, columns = (_hidden(side, draw(0, 1)) for side in (height, width))
    hidden = rows[:, :, None] & columns[:, None, :]
    return tf.where(hidden[..., None], 0.0, images)


AUGMENTATIONS: dict[Augmentation, Callable[[Tensor, Draw], Tensor]] = {
    "flip": flip,
    "colour": colour,
    "shift": shift,
    "cutout": cutout,
}


def _spread(images: Tensor, factor: Tensor, axis: list[int]) -> Tensor:
    mean = tf.reduce_mean(images, axis, keepdims=True)
    return mean + factor * (images - mean)


def _moves(side: int, share: Tensor) -> Tensor:
    """The matrices (n, side, side) that move pixels along an axis; the gradient of a product is exact."""
    # Half a pixel more, so that the farthest moves come as often as the others.
    most = round(side * SHIFT) + 0.5
    pixels = tf.cast(tf.round(share[:, 0, 0] * most), tf.int32)
    places = tf.range(side)
    return tf.one_hot(places[None] - pixels, side)


def _hidden(side: int, share: Tensor) -> Tensor:
    """For each image, (n, side), which places along an axis lie in the square."""
    size = round(side * CUTOUT)
    # The middle of an even size lies between two pixels; with a place more both edges are hidden alike.
    middle = tf.cast(tf.floor(share[:, 0, 0] * (side + 1 - size % 2)), tf.int32)
    from_start = tf.range(side)[None] - (middle - size // 2)
    return (from_start >= 0) & (from_start < size)
