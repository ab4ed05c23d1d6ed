"""Networks that are chains of layers: what all of them begin and end with, and where their weights start."""

from collections.abc import Callable, Sequence

import keras
import numpy as np
from keras import layers

from latentlab.learning.layers import crops

Layers = list[keras.layers.Layer]


def generator(
    inputs: int,
    width: int,
    activated: Callable[[keras.layers.Layer], Layers],
    doublings: Sequence[Layers],
    last_kernel: int,
    image_shape: tuple[int, int, int],
    seed: int,
) -> keras.Model:
    """A dense layer to the smallest maps, doublings, and a convolution that makes the image.

    Args:
        inputs: numbers that it is given.
        width: channels of the smallest maps.
        activated: what a layer becomes with all that follows it.
        doublings: the layers of each.
        last_kernel: the side of the last convolution's kernel, in pixels.
        image_shape: (height, width, channels).
        seed: of the weights.
    """
    factor = 2 ** len(doublings)
    start = (*(-(-side // factor) for side in image_shape[:2]), width)
    dense = layers.Dense(int(np.prod(start)), kernel_initializer=_initial(seed), name="dense")
    return keras.Sequential(
        [
            layers.Input((inputs,), name="z"),
            *activated(dense),
            layers.Reshape(start, name="reshape"),
            *(layer for doubling in doublings for layer in doubling),
            conv(image_shape[-1], last_kernel, len(doublings) + 1, seed),
            *crops(image_shape, factor),
            layers.Activation("sigmoid", name="image"),
        ],
        name="generator",
    )


def discriminator(inner: Layers, image_shape: tuple[int, int, int], seed: int) -> keras.Model:
    """Layers that look at an image (height, width, channels), then a dense one, which gives any score."""
    return keras.Sequential(
        [
            layers.Input(image_shape, name="image"),
            *inner,
            layers.Flatten(name="flatten"),
            layers.Dense(1, kernel_initializer=_initial(seed), name="logit"),
        ],
        name="discriminator",
    )


def conv(filters: int, size: int, number: int, seed: int, strides: int = 1) -> keras.layers.Layer:
    """The convolution ``conv_{number}``, with weights of its own by that number."""
    initializer = _initial(seed + number)
    return layers.Conv2D(
        filters, size, strides, padding="same", kernel_initializer=initializer, name=f"conv_{number}"
    )


def _initial(seed: int) -> keras.initializers.Initializer:
    return keras.initializers.GlorotUniform(seed)
