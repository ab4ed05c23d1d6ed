"""The training step of the variational autoencoder."""

from typing import Any

import keras
import numpy as np
import numpy.typing as npt
import tensorflow as tf

from latentlab.conditioning import chain_of, join, num_classes_of
from latentlab.layers import Tensor, forward
from latentlab.vae.objectives import Objective
from latentlab.vae.sampler import Sampler

METRICS = ("reconstruction", "kl", "objective")
# Validation images for each call into the compiled code.
PART = 250


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
        objective: Objective,
    ) -> None:
        """Prepare to train encoder and decoder in place, which are both told the class, or neither is."""
        self._num_classes = num_classes_of(encoder)
        self.encoder, self.sampler, self.decoder = encoder, sampler, decoder
        self._objective = objective
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
        """Train one step for each batch of images, uint8 (steps, batch, h, w, channels).

        Labels, uint8 (steps, batch), follow if the networks are told the class.
        """
        values = self._train(*map(tf.constant, batches)).numpy().T
        return {f"train_{name}": column for name, column in zip(METRICS, values, strict=True)}

    def validate(self, *arrays: npt.NDArray[Any]) -> dict[str, float]:
        """The terms of the objective on images, uint8 (n, h, w, channels), and labels as in training.

        The KL has the weight that a warm-up comes to, so that epochs compare.
        """
        starts = range(0, len(arrays[0]), PART)
        parts = [[array[start : start + PART] for array in arrays] for start in starts]
        means = [self._validate(*map(tf.constant, part)).numpy() for part in parts]
        values = np.average(means, axis=0, weights=[len(part[0]) for part in parts])
        return {f"validation_{name}": float(value) for name, value in zip(METRICS, values, strict=True)}

    def _train_steps(self, images: Tensor, *labels: Tensor) -> Tensor:
        values = tf.TensorArray(tf.float32, size=tf.shape(images)[0], element_shape=[len(METRICS)])
        for step in tf.range(tf.shape(images)[0]):
            gradients, terms = self._gradients(images[step], *(each[step] for each in labels))
            self._optimizer.apply(gradients, self._trainable)
            values = values.write(step, terms)
        return values.stack()

    def _gradients(self, images: Tensor, *labels: Tensor) -> tuple[list[Tensor], Tensor]:
        with tf.GradientTape() as tape:
            outputs = self._outputs(images, *labels, training=True)
            terms = self._objective.terms(*outputs, step=self._optimizer.iterations)
        return tape.gradient(terms[-1], self._trainable), tf.stack(terms)

    def _outputs(
        self, images: Tensor, *labels: Tensor, training: bool
    ) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        x, classes = _to_float(images), [tf.one_hot(each, self._num_classes) for each in labels]
        *trunk, mean_head, log_var_head = chain_of(self.encoder).layers
        hidden = forward(trunk, join(x, *classes), training=training)
        z_mean, z_log_var = mean_head(hidden), log_var_head(hidden)
        z = join(self.sampler(z_mean, z_log_var), *classes)
        logits = forward(chain_of(self.decoder).layers[:-1], z, training=training)
        return x, logits, z_mean, z_log_var

    def _validation_terms(self, images: Tensor, *labels: Tensor) -> Tensor:
        return tf.stack(self._objective.terms(*self._outputs(images, *labels, training=False)))


def _to_float(images: Tensor) -> Tensor:
    return tf.cast(images, tf.float32) / 255.0
