"""The lecture's two trainings as its slides have them, ported to Keras 3 with nothing made faster.

Keras' own layers, its `fit`, `predict` and `train_on_batch` with their defaults, and batches built in NumPy.
Only what Keras 3 no longer runs is written otherwise: the VAE's loss is added by a layer, and the
discriminator is frozen for the generator's steps alone, since Keras 3 would else never train it.

In bfloat16 it has one line more, as Keras' guide to mixed precision asks for; how well it learns so is not
looked at.
"""

import time

import keras
import numpy as np
import numpy.typing as npt
import tensorflow as tf
from keras import layers, ops

from benchmarks import sizes
from benchmarks.child import Training
from benchmarks.costs import Cost

Images = npt.NDArray[np.float32]
IMAGE_SHAPE = (sizes.IMAGE_SIDE, sizes.IMAGE_SIDE, 1)


POLICIES = {"float32": "float32", "bfloat16": "mixed_bfloat16"}


def build(network: str, threads: int, *, precision: str) -> Training:
    """The slides' training of ``vae`` or ``gan``, on as many random images as MNIST has."""
    keras.config.set_dtype_policy(POLICIES[precision])
    tf.config.threading.set_intra_op_parallelism_threads(threads)
    tf.config.threading.set_inter_op_parallelism_threads(threads)
    pixels = np.random.default_rng(0).integers(0, 256, (sizes.NUM_IMAGES, *IMAGE_SHAPE), dtype=np.uint8)
    images = pixels.astype(np.float32) / np.float32(255)
    return VaeTraining(images) if network == "vae" else GanTraining(images)


class VaeTraining:
    """`Model.fit` on batches of images that are input and target."""

    def __init__(self, images: Images, batch_size: int = sizes.VAE_BATCH_SIZE) -> None:
        """Train on images in [0, 1]."""
        self._images, self._batch_size = images, batch_size
        self.encoder, self.decoder = build_encoder(), build_decoder()
        image = layers.Input(IMAGE_SHAPE)
        z_mean, z_log_var = self.encoder(image)
        decoded = self.decoder(Sampler()(z_mean, z_log_var))
        self.model = keras.Model(image, AddLoss()(image, decoded, z_mean, z_log_var))
        self.model.compile(optimizer=keras.optimizers.Adam(sizes.VAE_LEARNING_RATE))
        self.num_parameters = count_parameters(self.encoder, self.decoder)
        self.cost = Cost()

    def train(self, steps: int) -> float:
        """Train so many steps; the seconds that they took, without those that `fit` takes to begin."""
        clock = Clock()
        self.model.fit(
            self._images,
            self._images,
            batch_size=self._batch_size,
            steps_per_epoch=steps,
            verbose=0,
            callbacks=[clock],
        )
        return clock.seconds


class Clock(keras.callbacks.Callback):
    """Adds the seconds of all steps up."""

    seconds = 0.0

    def on_train_batch_begin(self, batch: int, logs: object = None) -> None:
        """Start."""
        self._start = time.perf_counter()

    def on_train_batch_end(self, batch: int, logs: object = None) -> None:
        """Stop."""
        self.seconds += time.perf_counter() - self._start


def build_encoder() -> keras.Model:
    """Images to z_mean and z_log_var."""
    image = x = layers.Input(IMAGE_SHAPE)
    for filters in sizes.VAE_FILTERS:
        x = layers.MaxPooling2D()(_two_convolutions(x, filters))
    x = _dense(layers.Flatten()(x))
    heads = [layers.Dense(sizes.VAE_LATENT_DIM)(x) for _ in ("z_mean", "z_log_var")]
    return keras.Model(image, heads)


class Sampler(layers.Layer):
    """Draws z from the encoder's distribution."""

    def __init__(self) -> None:
        """Draw from a random state of the layer's own."""
        super().__init__()
        self.noise = keras.random.SeedGenerator(0)

    def call(self, z_mean: tf.Tensor, z_log_var: tf.Tensor) -> tf.Tensor:
        """Shapes (batch, latent_dim) all."""
        epsilon = keras.random.normal(ops.shape(z_mean), dtype=z_mean.dtype, seed=self.noise)
        return z_mean + ops.exp(0.5 * z_log_var) * epsilon


def build_decoder() -> keras.Model:
    """z to images."""
    side = sizes.IMAGE_SIDE // 2 ** len(sizes.VAE_FILTERS)
    shape = (side, side, sizes.VAE_FILTERS[-1])
    z = layers.Input((sizes.VAE_LATENT_DIM,))
    x = layers.Dense(side * side * shape[-1])(_dense(z))
    x = layers.Activation("relu")(layers.Reshape(shape)(x))
    for filters in reversed(sizes.VAE_FILTERS):
        x = _two_convolutions(layers.UpSampling2D()(x), filters)
    x = layers.Conv2D(1, 3, padding="same")(x)
    return keras.Model(z, layers.Activation("sigmoid")(x))


class AddLoss(layers.Layer):
    """Hands the decoded images on, and adds the objective to the losses of the model."""

    def call(
        self, image: tf.Tensor, decoded: tf.Tensor, z_mean: tf.Tensor, z_log_var: tf.Tensor
    ) -> tf.Tensor:
        """The mean cross-entropy of a pixel, and the weighted KL divergence."""
        reconstruction = ops.mean(keras.losses.binary_crossentropy(image, decoded), axis=(1, 2))
        kl = -0.5 * ops.sum(1 + z_log_var - ops.square(z_mean) - ops.exp(z_log_var), axis=-1)
        self.add_loss(ops.mean(reconstruction + sizes.VAE_KL_WEIGHT * kl))
        return decoded


def _two_convolutions(x: tf.Tensor, filters: int) -> tf.Tensor:
    for _ in range(2):
        x = layers.Activation("relu")(layers.Conv2D(filters, 3, padding="same")(x))
        x = layers.BatchNormalization()(x)
    return x


def _dense(x: tf.Tensor) -> tf.Tensor:
    x = layers.Activation("relu")(layers.Dense(sizes.VAE_DENSE_UNITS)(x))
    return layers.BatchNormalization()(x)


class GanTraining:
    """Half a batch real and half a batch generated for the discriminator, then a batch for the generator."""

    def __init__(self, images: Images, batch_size: int = sizes.GAN_BATCH_SIZE) -> None:
        """Train on images in [0, 1]."""
        self._images, self._batch_size = images, batch_size
        self._rng = np.random.default_rng(0)
        self.generator, self.discriminator = build_generator(), build_discriminator()
        self.num_parameters = count_parameters(self.generator, self.discriminator)
        self.cost = Cost()
        self.discriminator.compile(_adam(), loss="binary_crossentropy", metrics=["accuracy"])
        self._stacked = keras.Sequential([self.generator, self.discriminator])
        self._stacked.compile(_adam(), loss="binary_crossentropy")

    def train(self, steps: int) -> float:
        """Train both networks so many steps; the seconds that they took."""
        start = time.perf_counter()
        for _ in range(steps):
            self.train_discriminator()
            self.train_generator()
        return time.perf_counter() - start

    def train_discriminator(self) -> None:
        """One step on real images, drawn with replacement, and on as many generated ones."""
        half = self._batch_size // 2
        real = self._images[self._rng.integers(0, len(self._images), half)]
        generated = self.generator.predict(self._draw_latents(half), verbose=0)
        labels = np.vstack([np.ones((half, 1)), np.zeros((half, 1))])
        self.discriminator.trainable = True
        self.discriminator.train_on_batch(np.vstack([real, generated]), labels)

    def train_generator(self) -> None:
        """One step through the frozen discriminator, whose dropout stays on."""
        self.discriminator.trainable = False
        labels = np.ones((self._batch_size, 1))
        self._stacked.train_on_batch(self._draw_latents(self._batch_size), labels)

    def _draw_latents(self, count: int) -> npt.NDArray[np.float64]:
        return self._rng.standard_normal((count, sizes.GAN_LATENT_DIM))


def build_generator() -> keras.Sequential:
    """Latents to images."""
    side, filters = sizes.IMAGE_SIDE // 4, sizes.GAN_GENERATOR_FILTERS
    return keras.Sequential(
        [
            layers.Input((sizes.GAN_LATENT_DIM,)),
            layers.Dense(side * side * filters),
            layers.LeakyReLU(sizes.GAN_LEAKY_SLOPE),
            layers.Reshape((side, side, filters)),
            layers.UpSampling2D(),
            layers.Conv2D(filters, 4, padding="same"),
            layers.UpSampling2D(),
            layers.Conv2D(filters, 4, padding="same"),
            layers.LeakyReLU(sizes.GAN_LEAKY_SLOPE),
            layers.Conv2D(1, 7, padding="same", activation="sigmoid"),
        ]
    )


def build_discriminator() -> keras.Sequential:
    """Images to p(real)."""

    def block() -> list[keras.layers.Layer]:
        convolution = layers.Conv2D(sizes.GAN_DISCRIMINATOR_FILTERS, 3, strides=2, padding="same")
        return [convolution, layers.LeakyReLU(sizes.GAN_LEAKY_SLOPE), layers.Dropout(sizes.GAN_DROPOUT)]

    return keras.Sequential(
        [
            layers.Input(IMAGE_SHAPE),
            *block(),
            *block(),
            layers.Flatten(),
            layers.Dense(1, activation="sigmoid"),
        ]
    )


def _adam() -> keras.Optimizer:
    return keras.optimizers.Adam(sizes.GAN_LEARNING_RATE, beta_1=sizes.GAN_BETA_1)


def count_parameters(*models: keras.Model) -> int:
    """How many numbers training changes by gradients."""
    return sum(int(np.prod(weight.shape)) for model in models for weight in model.trainable_variables)
