"""The variational autoencoder's networks: encoder and decoder, and the sizes that they share."""

import itertools
import math
from dataclasses import dataclass
from typing import Literal

import keras
from keras import layers

from latentlab.families.vae.model import plain, residual
from latentlab.learning.conditioning import tell
from latentlab.learning.layers import crops
from latentlab.learning.residual import Initial
from latentlab.learning.tensors import Tensor

Blocks = Literal["plain", "residual"]
BLOCKS = {"plain": plain, "residual": residual}


@dataclass(frozen=True)
class Architecture:
    """The sizes that encoder and decoder share; see the section ``vae`` of params.yaml.

    ``image_shape`` is (height, width, channels). With ``num_classes``, both are told the class as well; see
    ``conditioning``.
    """

    latent_dim: int
    filters: tuple[int, ...]
    dense_units: int
    image_shape: tuple[int, int, int]
    blocks: Blocks = "plain"
    num_classes: int = 0

    @property
    def shrink(self) -> int:
        """How many times smaller the innermost feature maps are than the image, along each side."""
        return 2 ** len(self.filters)

    @property
    def inner_shape(self) -> tuple[int, int, int]:
        """The innermost feature maps, rounded up where a side is no multiple of ``shrink``."""
        height, width, _ = self.image_shape
        return -(-height // self.shrink), -(-width // self.shrink), self.filters[-1]


def build_encoder(shape: Architecture, seed: int) -> keras.Model:
    """The encoder: images float32 (batch, h, w, channels) in [0, 1] to z_mean and z_log_var.

    Both are float32 (batch, latent_dim).
    """
    initial = _initializers(seed)
    height, width, channels = shape.image_shape
    image = layers.Input((height, width, channels + shape.num_classes), name="image")
    x = layers.Flatten(name="flatten")(BLOCKS[shape.blocks].inwards(image, shape.filters, initial))
    x = _dense_block(x, shape.dense_units, initial)
    z_mean = layers.Dense(shape.latent_dim, kernel_initializer=next(initial), name="z_mean")(x)
    z_log_var = layers.Dense(shape.latent_dim, kernel_initializer=next(initial), name="z_log_var")(x)
    return tell(keras.Model(image, [z_mean, z_log_var], name="encoder"), shape.num_classes)


def build_decoder(shape: Architecture, seed: int) -> keras.Model:
    """The decoder: z float32 (batch, latent_dim) to images float32 (batch, h, w, channels) in [0, 1].

    Sides that doubling cannot make are made longer, and cropped.
    """
    start, channels = shape.inner_shape, shape.image_shape[-1]
    initial = _initializers(seed)
    z = layers.Input((shape.latent_dim + shape.num_classes,), name="z")
    x = _dense_block(z, shape.dense_units, initial)
    x = layers.Dense(math.prod(start), kernel_initializer=next(initial), name="expand")(x)
    x = layers.Reshape(start, name="reshape")(x)
    x = BLOCKS[shape.blocks].outwards(x, shape.filters[::-1], initial)
    x = layers.Conv2D(channels, 3, padding="same", kernel_initializer=next(initial), name="logits")(x)
    for crop in crops(shape.image_shape, shape.shrink):
        x = crop(x)
    decoder = keras.Model(z, layers.Activation("sigmoid", name="image")(x), name="decoder")
    return tell(decoder, shape.num_classes)


def _initializers(seed: int) -> Initial:
    """Keras' default, with a seed of its own for each layer."""
    return map(keras.initializers.GlorotUniform, itertools.count(seed))


def _dense_block(x: Tensor, units: int, initial: Initial) -> Tensor:
    x = layers.Dense(units, kernel_initializer=next(initial), name="dense")(x)
    x = layers.ReLU(name="dense_relu")(x)
    return layers.BatchNormalization(name="dense_norm")(x)
