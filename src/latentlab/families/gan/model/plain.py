"""Networks as chains of plain convolutions, of which the lecture's are two."""

from collections.abc import Sequence

import keras
from keras import layers

from latentlab.families.gan.model import chain
from latentlab.families.gan.model.chain import Layers, conv

LEAKY_SLOPE = 0.2
# Of the kernels after a doubling and of the one that makes the image, as in the lecture.
DOUBLED_KERNEL, LAST_KERNEL = 4, 7


def generator(
    inputs: int, filters: Sequence[int], batch_norm: bool, image_shape: tuple[int, int, int], seed: int
) -> keras.Model:
    """A dense layer, then doublings, each followed by a convolution.

    With ``batch_norm``, every inner layer is normalised and activated (Radford et al. 2016, section 3);
    without, the first of several convolutions has neither, as in the lecture.
    """

    def followed(layer: keras.layers.Layer, activated: bool = True) -> Layers:
        norm = [layers.BatchNormalization(momentum=0.9, name=f"{layer.name}_norm")] if batch_norm else []
        activation = [layers.LeakyReLU(LEAKY_SLOPE, name=f"{layer.name}_leaky")] if activated else []
        return [layer, *norm, *activation]

    def doubled(number: int, count: int) -> Layers:
        activated = batch_norm or number > 1 or len(filters) == 1
        layer = conv(count, DOUBLED_KERNEL, number, seed)
        return [layers.UpSampling2D(name=f"up_{number}"), *followed(layer, activated)]

    doublings = [doubled(*each) for each in enumerate(filters, start=1)]
    return chain.generator(inputs, filters[0], followed, doublings, LAST_KERNEL, image_shape, seed)


def discriminator(
    filters: Sequence[int], dropout: float, image_shape: tuple[int, int, int], seed: int
) -> keras.Model:
    """Convolutions that halve, then a dense layer on all that is left, which gives a score of any size."""

    def halved(number: int, count: int) -> Layers:
        return [
            conv(count, 3, number, seed, strides=2),
            layers.LeakyReLU(LEAKY_SLOPE, name=f"leaky_{number}"),
            layers.Dropout(dropout, seed=seed + 10 + number, name=f"dropout_{number}"),
        ]

    inner = [layer for each in enumerate(filters, start=1) for layer in halved(*each)]
    return chain.discriminator(inner, image_shape, seed)
