"""Networks for spectral normalisation on photographs (after Miyato et al. 2018, appendix B.4, table 3).

A kernel of 4 x 4 pixels halves, so that each pixel counts for four outputs: the bound that spectral
normalisation sets is on the kernel as a matrix, and where pixels overlap less, nothing is left for the
discriminator to tell images apart by.
"""

from collections.abc import Sequence

import keras
from keras import layers

from latentlab.families.gan.model import chain
from latentlab.families.gan.model.chain import Layers, conv

LEAKY_SLOPE = 0.1
HALVING_KERNEL, KERNEL = 4, 3


def generator(
    inputs: int, filters: Sequence[int], batch_norm: bool, image_shape: tuple[int, int, int], seed: int
) -> keras.Model:
    """A dense layer with twice the first filters, then doublings, each followed by a convolution."""

    def activated(layer: keras.layers.Layer) -> Layers:
        norm = [layers.BatchNormalization(momentum=0.9, name=f"{layer.name}_norm")] if batch_norm else []
        return [layer, *norm, layers.ReLU(name=f"{layer.name}_relu")]

    doublings = [
        [layers.UpSampling2D(name=f"up_{number}"), *activated(conv(count, KERNEL, number, seed))]
        for number, count in enumerate(filters, start=1)
    ]
    return chain.generator(inputs, 2 * filters[0], activated, doublings, KERNEL, image_shape, seed)


def discriminator(
    filters: Sequence[int], dropout: float, image_shape: tuple[int, int, int], seed: int
) -> keras.Model:
    """Convolutions that halve and one that does not, then a dense layer, which gives a score of any size."""

    def activated(layer: keras.layers.Layer, number: int) -> Layers:
        leaky = layers.LeakyReLU(LEAKY_SLOPE, name=f"leaky_{number}")
        return [layer, leaky, layers.Dropout(dropout, seed=seed + 100 + number, name=f"dropout_{number}")]

    inner: Layers = [
        # Around 0 the bound leaves twice the slope that it leaves to images in [0, 1].
        layers.Rescaling(2.0, -1.0, name="centred")
    ]
    for number, count in enumerate(filters, start=1):
        inner += activated(conv(count, HALVING_KERNEL, number, seed, strides=2), number)
    last = len(filters) + 1
    inner += activated(conv(filters[-1], KERNEL, last, seed), last)
    return chain.discriminator(inner, image_shape, seed)
