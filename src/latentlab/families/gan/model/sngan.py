"""Networks for spectral normalisation on photographs (after Miyato et al. 2018, appendix B.4, table 3).

A kernel of 4 x 4 pixels halves, so that each pixel counts for four outputs: the bound that spectral
normalisation sets is on the kernel as a matrix, and where pixels overlap less, nothing is left for the
discriminator to tell images apart by.
"""

from collections.abc import Sequence

import keras
import numpy as np
from keras import layers

from latentlab.families.gan.model.plain import Layers, conv
from latentlab.learning.layers import crops

LEAKY_SLOPE = 0.1
HALVING_KERNEL, KERNEL = 4, 3


def generator(
    inputs: int, filters: Sequence[int], batch_norm: bool, image_shape: tuple[int, int, int], seed: int
) -> keras.Model:
    """A dense layer with twice the first filters, then doublings, each followed by a convolution."""
    factor = 2 ** len(filters)
    start = (*(-(-side // factor) for side in image_shape[:2]), 2 * filters[0])

    def activated(layer: keras.layers.Layer) -> Layers:
        norm = [layers.BatchNormalization(momentum=0.9, name=f"{layer.name}_norm")] if batch_norm else []
        return [layer, *norm, layers.ReLU(name=f"{layer.name}_relu")]

    def doubled(number: int) -> Layers:
        up = layers.UpSampling2D(name=f"up_{number}")
        return [up, *activated(conv(filters[number - 1], KERNEL, number, seed))]

    return keras.Sequential(
        [
            layers.Input((inputs,), name="z"),
            *activated(layers.Dense(int(np.prod(start)), kernel_initializer=_initial(seed), name="dense")),
            layers.Reshape(start, name="reshape"),
            *(layer for number in range(1, len(filters) + 1) for layer in doubled(number)),
            conv(image_shape[-1], KERNEL, len(filters) + 1, seed),
            *crops(image_shape, factor),
            layers.Activation("sigmoid", name="image"),
        ],
        name="generator",
    )


def discriminator(
    filters: Sequence[int], dropout: float, image_shape: tuple[int, int, int], seed: int
) -> keras.Model:
    """Convolutions that halve and one that does not, then a dense layer, which gives a score of any size."""

    def activated(layer: keras.layers.Layer, number: int) -> Layers:
        leaky = layers.LeakyReLU(LEAKY_SLOPE, name=f"leaky_{number}")
        return [layer, leaky, layers.Dropout(dropout, seed=seed + 100 + number, name=f"dropout_{number}")]

    def halved(number: int) -> Layers:
        return activated(conv(filters[number - 1], HALVING_KERNEL, number, seed, strides=2), number)

    last = len(filters) + 1
    return keras.Sequential(
        [
            layers.Input(image_shape, name="image"),
            # Around 0 the bound leaves twice the slope that it leaves to images in [0, 1].
            layers.Rescaling(2.0, -1.0, name="centred"),
            *(layer for number in range(1, last) for layer in halved(number)),
            *activated(conv(filters[-1], KERNEL, last, seed), last),
            layers.Flatten(name="flatten"),
            layers.Dense(1, kernel_initializer=_initial(seed), name="logit"),
        ],
        name="discriminator",
    )


def _initial(seed: int) -> keras.initializers.Initializer:
    return keras.initializers.GlorotUniform(seed)
