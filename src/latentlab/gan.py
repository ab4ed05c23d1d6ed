"""The generative adversarial network (Goodfellow et al. 2014) of the lecture, and its training step."""

from pathlib import Path
from typing import Any

import keras
import numpy as np
import numpy.typing as npt
import tensorflow as tf
from keras import layers

from latentlab import inference, model_files
from latentlab.errors import DataError
from latentlab.layers import Tensor, forward
from latentlab.randomness import derive_seed

LEAKY_SLOPE = 0.2
# Images that `sample` shows: a grid of 10 x 10, as in the lecture.
NUM_SHOWN = 100
METRICS = (
    "discriminator_loss",
    "generator_loss",
    "discriminator_accuracy_real",
    "discriminator_accuracy_generated",
)


def build_generator(
    *, latent_dim: int, filters: int, batch_norm: bool, image_shape: tuple[int, int, int], seed: int
) -> keras.Sequential:
    """The generator: latents float32 (batch, latent_dim) to images float32 (batch, h, w, channels) in [0, 1].

    With ``batch_norm``, every inner layer is normalised and activated (Radford et al. 2016,
    section 3); the lecture's has neither on the first of its two convolutions.

    Raises:
        DataError: a side of the image is no multiple of 4, so that doubling twice cannot make it.
    """
    height, width, channels = image_shape
    if height % 4 or width % 4:
        raise DataError(
            f"the GAN doubles images twice, so it expects sides that are multiples of 4, and got images of "
            f"{height} x {width}: choose other images in data.source."
        )
    start = (height // 4, width // 4, filters)
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
    return keras.Sequential(
        [
            layers.Input((latent_dim,), name="z"),
            *block("dense", dense, activated=True),
            layers.Reshape(start, name="reshape"),
            layers.UpSampling2D(name="up_1"),
            *block("conv_1", conv("conv_1", filters, 4), activated=batch_norm),
            layers.UpSampling2D(name="up_2"),
            *block("conv_2", conv("conv_2", filters, 4), activated=True),
            conv("conv_3", channels, 7),
            layers.Activation("sigmoid", name="image"),
        ],
        name="generator",
    )


def build_discriminator(
    *, filters: int, dropout: float, image_shape: tuple[int, int, int], seed: int
) -> keras.Sequential:
    """The discriminator: images float32 (batch, h, w, channels) in [0, 1] to p(real), float32 (batch, 1)."""

    def block(number: int) -> list[keras.layers.Layer]:
        initializer = keras.initializers.GlorotUniform(seed + number)
        return [
            layers.Conv2D(
                filters, 3, 2, padding="same", kernel_initializer=initializer, name=f"conv_{number}"
            ),
            layers.LeakyReLU(LEAKY_SLOPE, name=f"leaky_{number}"),
            layers.Dropout(dropout, seed=seed + 10 + number, name=f"dropout_{number}"),
        ]

    return keras.Sequential(
        [
            layers.Input(image_shape, name="image"),
            *block(1),
            *block(2),
            layers.Flatten(name="flatten"),
            layers.Dense(1, kernel_initializer=keras.initializers.GlorotUniform(seed), name="logit"),
            layers.Activation("sigmoid", name="p_real"),
        ],
        name="discriminator",
    )


class Gan:
    """Generator and discriminator in alternating training; a learner for the loop of ``training``.

    Every step trains the discriminator on half a batch of real and half a batch of generated
    images, then the generator, through the discriminator's new weights, to have a whole batch
    taken for real (the non-saturating loss; Goodfellow et al. 2014, section 3).
    """

    remedy = "lower gan.generator_learning_rate and gan.discriminator_learning_rate"

    def __init__(
        self,
        *,
        generator: keras.Sequential,
        discriminator: keras.Sequential,
        generator_optimizer: keras.Optimizer,
        discriminator_optimizer: keras.Optimizer,
        share_fakes: bool,
        average_decay: float,
        seed: int,
    ) -> None:
        """Prepare to train both networks in place.

        Args:
            generator, discriminator: the networks.
            generator_optimizer, discriminator_optimizer: an optimizer for each.
            share_fakes: whether the discriminator learns from the first half of the images that the
                generator's own step draws, rather than from images of its own.
            average_decay: decay a step of ``averaged``, the generator of averaged weights; 0 for none.
            seed: of all latents.
        """
        self.generator, self.discriminator = generator, discriminator
        self.averaged = model_files.copy(generator) if average_decay > 0 else generator
        self._generator_optimizer, self._discriminator_optimizer = (
            generator_optimizer,
            discriminator_optimizer,
        )
        self._generator_optimizer.build(generator.trainable_variables)
        self._discriminator_optimizer.build(discriminator.trainable_variables)
        self._share_fakes, self._decay = share_fakes, average_decay
        self._noise = keras.random.SeedGenerator(derive_seed(seed, "latents"))
        self._shown = inference.draw_latents(NUM_SHOWN, self.latent_dim, derive_seed(seed, "shown"))
        self._train = tf.function(self._train_steps, reduce_retracing=True)

    @property
    def latent_dim(self) -> int:
        """Dimensions of z."""
        return int(self.generator.input_shape[1])

    @property
    def variables(self) -> list[Any]:
        """All that training changes, random state included, in a fixed order."""
        models = [self.generator, self.discriminator]
        if self.averaged is not self.generator:
            models.append(self.averaged)
        return [
            *(variable for model in models for variable in model.variables),
            *self._generator_optimizer.variables,
            *self._discriminator_optimizer.variables,
            self._noise.state,
        ]

    def train(self, *batches: npt.NDArray[Any]) -> dict[str, npt.NDArray[np.float32]]:
        """Train one step for each half batch of real images, uint8 (steps, half, h, w, channels)."""
        (images,) = batches
        return dict(zip(METRICS, self._train(tf.constant(images)).numpy().T, strict=True))

    def validate(self, *arrays: npt.NDArray[Any]) -> dict[str, float]:
        """Nothing: a GAN has no likelihood that could be measured on validation images."""
        return {}

    def sample(self) -> npt.NDArray[np.uint8]:
        """Images from the same latents every time, uint8 (100, height, width, channels)."""
        return inference.generate(self.averaged, self._shown)

    def save_snapshot(self, path: Path) -> None:
        """Write the generator as it would be saved now."""
        model_files.save_model(path, self.averaged)

    def _generate(self, latents: Tensor) -> Tensor:
        return tf.sigmoid(forward(self.generator.layers[:-1], latents, training=True))

    def _logits(self, images: Tensor) -> Tensor:
        return forward(self.discriminator.layers[:-1], images, training=True)

    def _latents(self, count: int) -> Tensor:
        return keras.random.normal((count, self.latent_dim), seed=self._noise)

    def _train_steps(self, images: Tensor) -> Tensor:
        values = tf.TensorArray(tf.float32, size=tf.shape(images)[0], element_shape=[len(METRICS)])
        for step in tf.range(tf.shape(images)[0]):
            real = tf.cast(images[step], tf.float32) / 255.0
            values = values.write(step, self._train_step(real))
        return values.stack()

    def _train_step(self, real: Tensor) -> Tensor:
        half = len(real)
        if not self._share_fakes:
            discriminator_metrics = self._train_discriminator(real, self._generate(self._latents(half)))
        with tf.GradientTape() as tape:
            generated = self._generate(self._latents(2 * half))
            if self._share_fakes:
                with tape.stop_recording():
                    discriminator_metrics = self._train_discriminator(real, generated[:half])
            generator_loss = cross_entropy(self._logits(generated), 1.0)
        gradients = tape.gradient(generator_loss, self.generator.trainable_variables)
        self._generator_optimizer.apply(gradients, self.generator.trainable_variables)
        self._average()
        discriminator_loss, accuracy_real, accuracy_generated = discriminator_metrics
        return tf.stack([discriminator_loss, generator_loss, accuracy_real, accuracy_generated])

    def _train_discriminator(self, real: Tensor, generated: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        with tf.GradientTape() as tape:
            real_logits, generated_logits = tf.split(self._logits(tf.concat([real, generated], 0)), 2)
            loss = (cross_entropy(real_logits, 1.0) + cross_entropy(generated_logits, 0.0)) / 2
        gradients = tape.gradient(loss, self.discriminator.trainable_variables)
        self._discriminator_optimizer.apply(gradients, self.discriminator.trainable_variables)
        return loss, _share(real_logits > 0), _share(generated_logits <= 0)

    def _average(self) -> None:
        if self.averaged is not self.generator:
            for average, current in zip(self.averaged.weights, self.generator.weights, strict=True):
                average.assign(self._decay * average + (1 - self._decay) * current)


def cross_entropy(logits: Tensor, label: float) -> Tensor:
    """Mean binary cross-entropy, in nats, of logits (batch, 1) against one label for all, 0 or 1."""
    labels = tf.fill(tf.shape(logits), label)
    return tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(labels=labels, logits=logits))


def _share(condition: Tensor) -> Tensor:
    return tf.reduce_mean(tf.cast(condition, tf.float32))
