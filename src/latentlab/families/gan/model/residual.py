"""Networks of residual blocks (He et al. 2016; for GANs Gulrajani et al. 2017, appendix C)."""

from collections.abc import Iterator, Sequence

import keras
import numpy as np
from keras import layers

from latentlab.learning.layers import crops
from latentlab.learning.residual import Residual

LEAKY_SLOPE = 0.2


def generator(
    inputs: int, filters: Sequence[int], batch_norm: bool, image_shape: tuple[int, int, int], seed: int
) -> keras.Model:
    """A dense layer, then a residual block for each doubling, and a convolution that makes the image."""
    factor = 2 ** len(filters)
    start = (*(-(-side // factor) for side in image_shape[:2]), filters[0])
    blocks = Residual(_initial(seed), batch_norm, momentum=0.9, slope=LEAKY_SLOPE)
    z = layers.Input((inputs,), name="z")
    dense = layers.Dense(int(np.prod(start)), kernel_initializer=next(blocks.initial), name="dense")
    x = layers.Reshape(start, name="reshape")(dense(z))
    for number, count in enumerate(filters, start=1):
        x = blocks.up(x, count, f"up_{number}")
    x = blocks.convolve(blocks.activate(x, "last"), image_shape[-1], "last")
    for crop in crops(image_shape, factor):
        x = crop(x)
    return keras.Model(z, layers.Activation("sigmoid", name="image")(x), name="generator")


def discriminator(
    filters: Sequence[int], dropout: float, image_shape: tuple[int, int, int], seed: int
) -> keras.Model:
    """A residual block for each halving, then a dense layer, which gives a score of any size."""
    blocks = Residual(_initial(seed), batch_norm=False, slope=LEAKY_SLOPE)
    image = x = layers.Input(image_shape, name="image")
    for number, count in enumerate(filters, start=1):
        x = blocks.down(x, count, f"down_{number}")
        x = layers.Dropout(dropout, seed=seed + 100 + number, name=f"dropout_{number}")(x)
    x = layers.Flatten(name="flatten")(blocks.activate(x, "last"))
    logit = layers.Dense(1, kernel_initializer=next(blocks.initial), name="logit")(x)
    return keras.Model(image, logit, name="discriminator")


def _initial(seed: int) -> Iterator[keras.initializers.Initializer]:
    while True:
        yield keras.initializers.GlorotUniform(seed)
        seed += 1
