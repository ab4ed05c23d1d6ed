"""The generative adversarial network's networks: generator and discriminator."""

from collections.abc import Sequence
from typing import Literal

import keras
from keras import layers

from latentlab.families.gan.model import plain, residual, sngan
from latentlab.learning.conditioning import tell

Blocks = Literal["plain", "residual", "sngan"]
BLOCKS = {"plain": plain, "residual": residual, "sngan": sngan}
# What the discriminator's output is called, by its activation.
OUTPUT_NAMES = {"sigmoid": "p_real", "linear": "score"}


def build_generator(
    *,
    latent_dim: int,
    filters: Sequence[int],
    batch_norm: bool,
    image_shape: tuple[int, int, int],
    seed: int,
    blocks: Blocks = "plain",
    num_classes: int = 0,
) -> keras.Model:
    """The generator: latents float32 (batch, latent_dim) to images float32 (batch, h, w, channels) in [0, 1].

    Args:
        latent_dim: dimensions of z.
        filters: channels after each doubling, of which there are as many; the first also before. Sides that
            so many doublings cannot make are made longer, and cropped.
        batch_norm: whether it normalises over the batch.
        image_shape: (height, width, channels).
        seed: of the weights.
        blocks: what it is made of.
        num_classes: it is told which of so many the image is of; see ``conditioning``. 0 tells it none.
    """
    chain = BLOCKS[blocks].generator(latent_dim + num_classes, filters, batch_norm, image_shape, seed)
    return tell(chain, num_classes)


def build_discriminator(
    *,
    filters: Sequence[int],
    dropout: float,
    activation: str,
    image_shape: tuple[int, int, int],
    seed: int,
    blocks: Blocks = "plain",
    num_classes: int = 0,
) -> keras.Model:
    """The discriminator: images float32 (batch, h, w, channels) in [0, 1] to float32 (batch, 1).

    It normalises nothing over the batch, so that a penalty on the slope at each image makes sense.

    Args:
        filters: channels after each halving, of which there are as many.
        dropout: share of the activations that is dropped.
        activation: with ``sigmoid`` its output is p(real), with ``linear`` a score of any size.
        image_shape, seed, blocks, num_classes: as of the generator.
    """
    height, width, channels = image_shape
    chain = BLOCKS[blocks].discriminator(filters, dropout, (height, width, channels + num_classes), seed)
    output = layers.Activation(activation, name=OUTPUT_NAMES[activation])
    return tell(_followed(chain, output), num_classes)


def copy(network: keras.Model) -> keras.Model:
    """A second network of the same layers and weights."""
    other = keras.models.clone_model(network)
    other.set_weights(network.get_weights())
    return other


def _followed(chain: keras.Model, layer: keras.layers.Layer) -> keras.Model:
    """A network with one more layer at its end."""
    if isinstance(chain, keras.Sequential):
        chain.add(layer)
        return chain
    return keras.Model(chain.inputs[0], layer(chain.outputs[0]), name=chain.name)
