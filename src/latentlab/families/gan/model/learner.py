"""The training step of the generative adversarial network."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import keras
import numpy as np
import numpy.typing as npt
import tensorflow as tf

from latentlab.families.gan.model import accumulation
from latentlab.families.gan.model.augmentation import Augmentation, augment
from latentlab.families.gan.model.networks import copy
from latentlab.families.gan.model.objectives import Objective
from latentlab.families.gan.model.penalty import gradient_penalty, zero_centred
from latentlab.families.gan.model.spectral import Free, SpectralNorm
from latentlab.learning.conditioning import num_classes_of
from latentlab.learning.descent import to_float
from latentlab.learning.devices import drawn
from latentlab.learning.graph import before_activation, forward
from latentlab.learning.randomness import derive_seed
from latentlab.learning.steps import Steps
from latentlab.learning.tensors import Tensor
from latentlab.trained import inference, model_files

# Images that `sample` shows: a grid of 10 x 10, as in the lecture.
NUM_SHOWN = 100
METRICS = (
    "discriminator_loss",
    "generator_loss",
    "discriminator_accuracy_real",
    "discriminator_accuracy_generated",
)
# The discriminator's loss, and its accuracy on real and on generated images.
Judged = tuple[Tensor, Tensor, Tensor]
# The generator's gradients and its loss, and the discriminator's part of the step.
Descended = tuple[list[Tensor], Tensor, Judged]


class Game(NamedTuple):
    """How generator and discriminator play.

    Attributes:
        objective: what both minimise.
        share_fakes: whether the discriminator learns from the first half of the images that the generator's
            own step draws, rather than from images of its own.
        augmentations: how images are changed before the discriminator sees them.
        spectral_norm: whether the discriminator's kernels are normalised.
    """

    objective: Objective
    share_fakes: bool
    augmentations: tuple[Augmentation, ...] = ()
    spectral_norm: bool = False


class Gan:
    """Generator and discriminator in alternating training; a learner for ``learning.loop``.

    Every step trains the discriminator on half a batch of real and half a batch of generated
    images, then the generator, through the discriminator's new weights, to have a whole batch
    taken for real; the game's objective says what that means.
    """

    remedy = "lower gan.generator_learning_rate and gan.discriminator_learning_rate"

    def __init__(
        self,
        *,
        generator: keras.Model,
        discriminator: keras.Model,
        optimizers: tuple[keras.Optimizer, keras.Optimizer],
        game: Game,
        average_decay: float,
        seed: int,
    ) -> None:
        """Prepare to train both networks in place.

        Args:
            generator, discriminator: the networks, which are both told the class, or neither is.
            optimizers: the generator's and the discriminator's.
            game: how they play.
            average_decay: decay a step of ``averaged``, the generator of averaged weights; 0 for none.
            seed: of all latents, and of what else is random in a step.
        """
        self.generator, self.discriminator = generator, discriminator
        self._num_classes = num_classes_of(generator)
        self.averaged = copy(generator) if average_decay > 0 else generator
        self._generator_optimizer, self._discriminator_optimizer = optimizers
        self._objective, self._share_fakes = game.objective, game.share_fakes
        self._augmentations, self._decay = game.augmentations, average_decay
        self._generator_optimizer.build(generator.trainable_variables)
        of_norm = derive_seed(seed, "spectral norm")
        self._free = SpectralNorm(discriminator, of_norm) if game.spectral_norm else Free(discriminator)
        self._discriminator_optimizer.build(self._free.trainable)
        self._judge = before_activation(discriminator, game.objective.activation)
        variables = generator.variables + discriminator.variables
        self._normalises = any(variable.name == "moving_mean" for variable in variables)
        self._noise = keras.random.SeedGenerator(derive_seed(seed, "latents"))
        self._shown = self._draw_shown(derive_seed(seed, "shown"))
        self.train_steps = Steps(self._train_step, METRICS)

    @property
    def latent_dim(self) -> int:
        """Dimensions of z."""
        return inference.latent_dim(self.generator)

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
            *self._free.variables,
            self._noise.state,
        ]

    def train(self, *batches: npt.NDArray[Any]) -> dict[str, npt.NDArray[np.float32]]:
        """Train one step for each half batch of real images, uint8 (steps, half, h, w, channels).

        Labels, uint8 (steps, half), follow if the networks are told the class. Generated images are
        then asked to be of the same classes, so that these have the shares that they have in the data.
        """
        return self.train_steps(*batches)

    def validate(self, *arrays: npt.NDArray[Any]) -> dict[str, float]:
        """Nothing: a GAN has no likelihood that could be measured on validation images."""
        return {}

    def sample(self) -> dict[str, npt.NDArray[np.uint8]]:
        """``samples`` from the same latents every time, uint8 (100, height, width, channels).

        If the generator is told the class, it is told each in turn, for as many images in a row.
        """
        return {"samples": inference.generate(self.averaged, *self._shown)}

    def save_snapshot(self, path: Path) -> None:
        """Write the generator as it would be saved now."""
        model_files.save_model(path, self.averaged)

    def _generate(self, latents: Tensor, *classes: Tensor) -> Tensor:
        return forward(self.generator, latents, *classes, training=True)

    def _see(self, images: Tensor) -> Tensor:
        return augment(images, self._augmentations, self._noise)

    def _outputs(self, seen: Tensor, *classes: Tensor) -> Tensor:
        return forward(self._judge, seen, *classes, training=True)

    def _latents(self, count: int) -> Tensor:
        return drawn(keras.random.normal, (count, self.latent_dim), seed=self._noise)

    def _train_step(self, images: Tensor, *labels: Tensor) -> Tensor:
        real, classes = to_float(images), [tf.one_hot(each, self._num_classes) for each in labels]
        descend = self._descend_on_shared if self._share_fakes else self._descend_on_own
        gradients, generator_loss, judged = descend(real, *classes)
        self._generator_optimizer.apply(gradients, self.generator.trainable_variables)
        self._average()
        discriminator_loss, accuracy_real, accuracy_generated = judged
        return tf.stack([discriminator_loss, generator_loss, accuracy_real, accuracy_generated])

    def _descend_on_shared(self, real: Tensor, *classes: Tensor) -> Descended:
        """Train the discriminator on images on their way to the generator's loss."""
        half, twice = len(real), _twice(classes)
        with tf.GradientTape() as tape:
            generated = self._generate(self._latents(2 * half), *twice)
            with tape.stop_recording():
                judged = self._train_discriminator(real, generated[:half], *classes)
                rivals = self._rivals(real, *classes)
            outputs = self._outputs(self._see(generated), *twice)
            loss = self._objective.generator(outputs, *rivals)
        return tape.gradient(loss, self.generator.trainable_variables), loss, judged

    def _descend_on_own(self, real: Tensor, *classes: Tensor) -> Descended:
        """Train the discriminator on images of its own."""
        half = len(real)
        judged = self._train_discriminator(real, self._generate(self._latents(half), *classes), *classes)
        gradients, loss = accumulation.gradients(
            self._generator_loss,
            self.generator.trainable_variables,
            [self._latents(2 * half), *_twice(classes), *self._rivals(real, *classes)],
            in_parts=not self._normalises,
        )
        return gradients, loss, judged

    def _generator_loss(self, latents: Tensor, *others: Tensor) -> Tensor:
        count = 1 if self._num_classes else 0
        classes, rivals = others[:count], others[count:]
        outputs = self._outputs(self._see(self._generate(latents, *classes)), *classes)
        return self._objective.generator(outputs, *rivals)

    def _rivals(self, real: Tensor, *classes: Tensor) -> list[Tensor]:
        """What the generator's loss compares with: outputs for real images, each for two generated ones."""
        return _twice([self._outputs(self._see(real), *classes)]) if self._objective.relative else []

    def _train_discriminator(self, real: Tensor, generated: Tensor, *classes: Tensor) -> Judged:
        seen = self._see(tf.concat([real, generated], 0))
        with tf.GradientTape() as tape:
            outputs = tf.split(self._outputs(seen, *_twice(classes)), 2)
            loss = self._objective.discriminator(*outputs) + self._penalties(*tf.split(seen, 2), *classes)
        gradients = tape.gradient(loss, self.discriminator.trainable_variables)
        self._discriminator_optimizer.apply(self._free.gradients(gradients), self._free.trainable)
        self._free.normalise()
        boundary = self._objective.boundary(*outputs)
        return loss, _share(outputs[0] > boundary), _share(outputs[1] <= boundary)

    def _penalties(self, real: Tensor, generated: Tensor, *classes: Tensor) -> Tensor | float:
        """On the slopes of the discriminator, of images as it sees them."""
        total, chosen = 0.0, self._objective

        def discriminator(images: Tensor) -> Tensor:
            return self._outputs(images, *classes)

        if chosen.gradient_penalty:
            shares = drawn(keras.random.uniform, (len(real), 1, 1, 1), seed=self._noise)
            total += chosen.gradient_penalty * gradient_penalty(discriminator, real, generated, shares)
        for weight, images in ((chosen.r1, real), (chosen.r2, generated)):
            if weight:
                total += weight * zero_centred(discriminator, images)
        return total

    def _draw_shown(self, seed: int) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.int64] | None]:
        latents = inference.draw_latents(NUM_SHOWN, self.latent_dim, seed)
        if not self._num_classes:
            return latents, None
        return latents, np.arange(NUM_SHOWN) * self._num_classes // NUM_SHOWN

    def _average(self) -> None:
        if self.averaged is not self.generator:
            for average, current in zip(self.averaged.weights, self.generator.weights, strict=True):
                average.assign(self._decay * average + (1 - self._decay) * current)


def _twice(classes: Sequence[Tensor]) -> list[Tensor]:
    return [tf.concat([each, each], 0) for each in classes]


def _share(condition: Tensor) -> Tensor:
    return tf.reduce_mean(tf.cast(condition, tf.float32))
