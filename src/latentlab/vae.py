"""The variational autoencoder (Kingma and Welling 2014) of the lecture, and its training step."""

import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
import numpy.typing as npt
import tensorflow as tf
from keras import layers

from latentlab.errors import DataError
from latentlab.layers import Tensor, forward

METRICS = ("reconstruction", "kl", "objective")
# Validation images for each call into the compiled code.
PART = 250


@dataclass(frozen=True)
class Architecture:
    """The sizes that encoder and decoder share; see the section ``vae`` of params.yaml.

    Raises:
        DataError: a side of ``image_shape``, (height, width, channels), is no multiple of
            2^len(filters), so that the decoder could not double its way back to it.
    """

    latent_dim: int
    filters: tuple[int, ...]
    dense_units: int
    image_shape: tuple[int, int, int]

    def __post_init__(self) -> None:
        height, width, _ = self.image_shape
        if height % self.shrink or width % self.shrink:
            raise DataError(
                f"the VAE halves images {len(self.filters)} times, so it expects sides that are multiples of "
                f"{self.shrink}, and got images of {height} x {width}: shorten vae.filters, or choose other "
                "images in data.source."
            )

    @property
    def shrink(self) -> int:
        """How many times smaller the innermost feature maps are than the image, along each side."""
        return 2 ** len(self.filters)


def build_encoder(shape: Architecture, seed: int) -> keras.Model:
    """The encoder: images float32 (batch, h, w, channels) in [0, 1] to z_mean and z_log_var.

    Both are float32 (batch, latent_dim).
    """
    initial = _initializers(seed)
    image = x = layers.Input(shape.image_shape, name="image")
    for block, num_filters in enumerate(shape.filters, start=1):
        x = _conv_block(x, f"block_{block}", num_filters, initial)
        x = layers.MaxPooling2D(name=f"block_{block}_pool")(x)
    x = layers.Flatten(name="flatten")(x)
    x = _dense_block(x, shape.dense_units, initial)
    z_mean = layers.Dense(shape.latent_dim, kernel_initializer=next(initial), name="z_mean")(x)
    z_log_var = layers.Dense(shape.latent_dim, kernel_initializer=next(initial), name="z_log_var")(x)
    return keras.Model(image, [z_mean, z_log_var], name="encoder")


class Sampler(layers.Layer):
    """z = z_mean + exp(z_log_var / 2) epsilon, epsilon ~ N(0, epsilon_sigma^2 I).

    The reparameterisation of Kingma and Welling 2014, section 2.4: the randomness enters beside
    the path of the gradients, which reach both inputs.
    """

    def __init__(self, epsilon_sigma: float, seed: int) -> None:
        """Draw epsilon with the given standard deviation from a random state of the layer's own."""
        super().__init__(name="sampler")
        self.epsilon_sigma = epsilon_sigma
        self.noise = keras.random.SeedGenerator(seed)

    def call(self, z_mean: Tensor, z_log_var: Tensor) -> Tensor:
        """Draw z, (batch, latent_dim), from z_mean and z_log_var of that shape."""
        epsilon = keras.random.normal(tf.shape(z_mean), stddev=self.epsilon_sigma, seed=self.noise)
        return z_mean + tf.exp(z_log_var / 2) * epsilon


def build_decoder(shape: Architecture, seed: int) -> keras.Model:
    """The decoder: z float32 (batch, latent_dim) to images float32 (batch, h, w, channels) in [0, 1]."""
    height, width, channels = shape.image_shape
    start = (height // shape.shrink, width // shape.shrink, shape.filters[-1])
    initial = _initializers(seed)
    z = layers.Input((shape.latent_dim,), name="z")
    x = _dense_block(z, shape.dense_units, initial)
    x = layers.Dense(math.prod(start), kernel_initializer=next(initial), name="expand")(x)
    x = layers.ReLU(name="expand_relu")(layers.Reshape(start, name="reshape")(x))
    for block, num_filters in enumerate(reversed(shape.filters), start=1):
        x = layers.UpSampling2D(name=f"block_{block}_up")(x)
        x = _conv_block(x, f"block_{block}", num_filters, initial)
    x = layers.Conv2D(channels, 3, padding="same", kernel_initializer=next(initial), name="logits")(x)
    return keras.Model(z, layers.Activation("sigmoid", name="image")(x), name="decoder")


class Vae:
    """Encoder, sampler and decoder in training; a learner for the loop of ``training``."""

    remedy = "lower vae.learning_rate"

    def __init__(
        self,
        *,
        encoder: keras.Model,
        sampler: Sampler,
        decoder: keras.Model,
        optimizer: keras.Optimizer,
        kl_weight: float,
    ) -> None:
        """Prepare to train encoder and decoder in place."""
        self.encoder, self.sampler, self.decoder = encoder, sampler, decoder
        self._kl_weight = kl_weight
        self._trainable = encoder.trainable_variables + decoder.trainable_variables
        self._optimizer = optimizer
        self._optimizer.build(self._trainable)
        self._train = tf.function(self._train_steps, reduce_retracing=True)
        self._validate = tf.function(self._validation_terms)

    @property
    def variables(self) -> list[Any]:
        """All that training changes, random state included, in a fixed order."""
        return [
            *self.encoder.variables,
            *self.decoder.variables,
            *self.sampler.variables,
            *self._optimizer.variables,
        ]

    def train(self, *batches: npt.NDArray[Any]) -> dict[str, npt.NDArray[np.float32]]:
        """Train one step for each batch of images, uint8 (steps, batch, h, w, channels)."""
        (images,) = batches
        values = self._train(tf.constant(images)).numpy().T
        return {f"train_{name}": column for name, column in zip(METRICS, values, strict=True)}

    def validate(self, *arrays: npt.NDArray[Any]) -> dict[str, float]:
        """The terms of the objective, as it is trained, on images, uint8 (n, h, w, channels)."""
        (images,) = arrays
        parts = [images[start : start + PART] for start in range(0, len(images), PART)]
        means = [self._validate(tf.constant(part)).numpy() for part in parts]
        values = np.average(means, axis=0, weights=[len(part) for part in parts])
        return {f"validation_{name}": float(value) for name, value in zip(METRICS, values, strict=True)}

    def _train_steps(self, images: Tensor) -> Tensor:
        values = tf.TensorArray(tf.float32, size=tf.shape(images)[0], element_shape=[len(METRICS)])
        for step in tf.range(tf.shape(images)[0]):
            gradients, terms = self._gradients(images[step])
            self._optimizer.apply(gradients, self._trainable)
            values = values.write(step, terms)
        return values.stack()

    def _gradients(self, images: Tensor) -> tuple[list[Tensor], Tensor]:
        with tf.GradientTape() as tape:
            terms = self._terms(_to_float(images), training=True)
        return tape.gradient(terms[-1], self._trainable), tf.stack(terms)

    def _terms(self, x: Tensor, *, training: bool) -> tuple[Tensor, Tensor, Tensor]:
        *trunk, mean_head, log_var_head = self.encoder.layers
        hidden = forward(trunk, x, training=training)
        z_mean, z_log_var = mean_head(hidden), log_var_head(hidden)
        logits = forward(self.decoder.layers[:-1], self.sampler(z_mean, z_log_var), training=training)
        return objective(x, logits, z_mean, z_log_var, kl_weight=self._kl_weight)

    def _validation_terms(self, images: Tensor) -> Tensor:
        return tf.stack(self._terms(_to_float(images), training=False))


def objective(
    x: Tensor, logits: Tensor, z_mean: Tensor, z_log_var: Tensor, *, kl_weight: float
) -> tuple[Tensor, Tensor, Tensor]:
    """The lecture's objective and its parts, each a mean over the batch.

    With x and logits (batch, h, w, channels) and z_mean and z_log_var (batch, latent_dim):

        reconstruction = mean over pixels of -[x log p + (1 - x) log(1 - p)],  p = sigmoid(logits)
        KL = -1/2 sum over i of (1 + log sigma_i^2 - mu_i^2 - sigma_i^2)
        objective = reconstruction + kl_weight KL

    KL is that of N(mu, diag sigma^2) from N(0, I) (Kingma and Welling 2014, appendix B).

    Returns:
        reconstruction (nats per pixel), KL (nats per image) and objective, each a scalar.
    """
    cross_entropy = tf.nn.sigmoid_cross_entropy_with_logits(labels=x, logits=logits)
    reconstruction = tf.reduce_mean(cross_entropy)
    divergences = -tf.reduce_sum(1 + z_log_var - z_mean**2 - tf.exp(z_log_var), axis=-1) / 2
    kl = tf.reduce_mean(divergences)
    return reconstruction, kl, reconstruction + kl_weight * kl


def _initializers(seed: int) -> Iterator[keras.initializers.Initializer]:
    """Keras' default, with a seed of its own for each layer."""
    return map(keras.initializers.GlorotUniform, itertools.count(seed))


def _dense_block(x: Tensor, units: int, initial: Iterator[keras.initializers.Initializer]) -> Tensor:
    x = layers.Dense(units, kernel_initializer=next(initial), name="dense")(x)
    x = layers.ReLU(name="dense_relu")(x)
    return layers.BatchNormalization(name="dense_norm")(x)


def _conv_block(
    x: Tensor, name: str, num_filters: int, initial: Iterator[keras.initializers.Initializer]
) -> Tensor:
    for conv in ("a", "b"):
        convolution = layers.Conv2D(
            num_filters, 3, padding="same", kernel_initializer=next(initial), name=f"{name}_{conv}"
        )
        x = layers.ReLU(name=f"{name}_{conv}_relu")(convolution(x))
        x = layers.BatchNormalization(name=f"{name}_{conv}_norm")(x)
    return x


def _to_float(images: Tensor) -> Tensor:
    return tf.cast(images, tf.float32) / 255.0
