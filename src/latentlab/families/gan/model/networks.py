"""The generative adversarial network's networks: generator and discriminator."""

import keras
import numpy as np
from keras import layers

from latentlab.learning.conditioning import tell
from latentlab.learning.layers import crops

LEAKY_SLOPE = 0.2
# What the discriminator's output is called, by its activation.
OUTPUT_NAMES = {"sigmoid": "p_real", "linear": "score"}


def build_generator(
    *,
    latent_dim: int,
    filters: int,
    batch_norm: bool,
    image_shape: tuple[int, int, int],
    seed: int,
    num_classes: int = 0,
) -> keras.Model:
    """The generator: latents float32 (batch, latent_dim) to images float32 (batch, h, w, channels) in [0, 1].

    With ``num_classes``, it is told the class as well; see ``conditioning``.

    With ``batch_norm``, every inner layer is normalised and activated (Radford et al. 2016,
    section 3); the lecture's has neither on the first of its two convolutions. Sides that doubling twice
    cannot make are made longer, and cropped.
    """
    height, width, channels = image_shape
    start = (-(-height // 4), -(-width // 4), filters)
    initial = iter(range(seed, seed + 4))

    def block(name: str, layer: keras.layers.Layer, activated: bool) -> list[keras.layers.Layer]:
        norm = [layers.BatchNormalization(momentum=0.9, name=f"{name}_norm")] if batch_norm else []
        activation = [layers.LeakyReLU(LEAKY_SLOPE, name=f"{name}_leaky")] if activated else []
        return [layer, *norm, *activation]

    def conv(name: str, num_filters: int, size: int) -> keras.layers.Layer:
        initializer = keras.initializers.GlorotUniform(next(initial))
        return layers.Conv2D(num_filters, size, padding="same", kernel_initializer=initializer, name=name)

    dense = layers.Dense(
        int(np.prod(start)), kernel_initializer=keras.initializers.GlorotUniform(next(initial)), name="dense"
    )
    chain = keras.Sequential(
        [
            layers.Input((latent_dim + num_classes,), name="z"),
            *block("dense", dense, activated=True),
            layers.Reshape(start, name="reshape"),
            layers.UpSampling2D(name="up_1"),
            *block("conv_1", conv("conv_1", filters, 4), activated=batch_norm),
            layers.UpSampling2D(name="up_2"),
            *block("conv_2", conv("conv_2", filters, 4), activated=True),
            conv("conv_3", channels, 7),
            *crops(image_shape, 4),
            layers.Activation("sigmoid", name="image"),
        ],
        name="generator",
    )
    return tell(chain, num_classes)


def build_discriminator(
    *,
    filters: int,
    dropout: float,
    activation: str,
    image_shape: tuple[int, int, int],
    seed: int,
    num_classes: int = 0,
) -> keras.Model:
    """The discriminator: images float32 (batch, h, w, channels) in [0, 1] to float32 (batch, 1).

    Its output is p(real) with the activation ``sigmoid``, and with ``linear`` a score of any size. With
    ``num_classes``, it is told the class as well; see ``conditioning``. It normalises nothing over the
    batch, so that a penalty on the slope at each image makes sense.
    """

    def block(number: int) -> list[keras.layers.Layer]:
        initializer = keras.initializers.GlorotUniform(seed + number)
        return [
            layers.Conv2D(
                filters, 3, 2, padding="same", kernel_initializer=initializer, name=f"conv_{number}"
            ),
            layers.LeakyReLU(LEAKY_SLOPE, name=f"leaky_{number}"),
            layers.Dropout(dropout, seed=seed + 10 + number, name=f"dropout_{number}"),
        ]

    height, width, channels = image_shape
    chain = keras.Sequential(
        [
            layers.Input((height, width, channels + num_classes), name="image"),
            *block(1),
            *block(2),
            layers.Flatten(name="flatten"),
            layers.Dense(1, kernel_initializer=keras.initializers.GlorotUniform(seed), name="logit"),
            layers.Activation(activation, name=OUTPUT_NAMES[activation]),
        ],
        name="discriminator",
    )
    return tell(chain, num_classes)


def copy(network: keras.Model) -> keras.Model:
    """A second network of the same layers and weights."""
    other = keras.models.clone_model(network)
    other.set_weights(network.get_weights())
    return other
