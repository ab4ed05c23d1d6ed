"""Networks as chains of plain convolutions, of which the lecture's are two."""

from collections.abc import Sequence

import keras
import numpy as np
from keras import layers

from latentlab.learning.layers import crops

LEAKY_SLOPE = 0.2
# Of the kernels after a doubling and of the one that makes the image, as in the lecture.
DOUBLED_KERNEL, LAST_KERNEL = 4, 7
Layers = list[keras.layers.Layer]


def generator(
    inputs: int, filters: Sequence[int], batch_norm: bool, image_shape: tuple[int, int, int], seed: int
) -> keras.Model:
    """A dense layer, then doublings, each followed by a convolution.

    With ``batch_norm``, every inner layer is normalised and activated (Radford et al. 2016, section 3);
    without, the first of several convolutions has neither, as in the lecture.
    """
    factor = 2 ** len(filters)
    start = (*(-(-side // factor) for side in image_shape[:2]), filters[0])

    def block(name: str, layer: keras.layers.Layer, activated: bool) -> Layers:
        norm = [layers.BatchNormalization(momentum=0.9, name=f"{name}_norm")] if batch_norm else []
        activation = [layers.LeakyReLU(LEAKY_SLOPE, name=f"{name}_leaky")] if activated else []
        return [layer, *norm, *activation]

    def doubled(number: int) -> Layers:
        layer = conv(filters[number - 1], DOUBLED_KERNEL, number, seed)
        activated = batch_norm or number > 1 or len(filters) == 1
        return [layers.UpSampling2D(name=f"up_{number}"), *block(layer.name, layer, activated)]

    dense = layers.Dense(
        int(np.prod(start)), kernel_initializer=keras.initializers.GlorotUniform(seed), name="dense"
    )
    return keras.Sequential(
        [
            layers.Input((inputs,), name="z"),
            *block("dense", dense, activated=True),
            layers.Reshape(start, name="reshape"),
            *(layer for number in range(1, len(filters) + 1) for layer in doubled(number)),
            conv(image_shape[-1], LAST_KERNEL, len(filters) + 1, seed),
            *crops(image_shape, factor),
            layers.Activation("sigmoid", name="image"),
        ],
        name="generator",
    )


def discriminator(
    filters: Sequence[int], dropout: float, image_shape: tuple[int, int, int], seed: int
) -> keras.Model:
    """Convolutions that halve, then a dense layer on all that is left, which gives a score of any size."""

    def halved(number: int) -> Layers:
        return [
            conv(filters[number - 1], 3, number, seed, strides=2),
            layers.LeakyReLU(LEAKY_SLOPE, name=f"leaky_{number}"),
            layers.Dropout(dropout, seed=seed + 10 + number, name=f"dropout_{number}"),
        ]

    return keras.Sequential(
        [
            layers.Input(image_shape, name="image"),
            *(layer for number in range(1, len(filters) + 1) for layer in halved(number)),
            layers.Flatten(name="flatten"),
            layers.Dense(1, kernel_initializer=keras.initializers.GlorotUniform(seed), name="logit"),
        ],
        name="discriminator",
    )


def conv(filters: int, size: int, number: int, seed: int, strides: int = 1) -> keras.layers.Layer:
    """The convolution ``conv_{number}``, with weights of its own by that number."""
    initializer = keras.initializers.GlorotUniform(seed + number)
    return layers.Conv2D(
        filters, size, strides, padding="same", kernel_initializer=initializer, name=f"conv_{number}"
    )
