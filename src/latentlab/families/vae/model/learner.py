"""The training step of the variational autoencoder."""

from typing import Any

import keras
import numpy as np
import numpy.typing as npt
import tensorflow as tf

from latentlab.families.vae.model.objectives import Objective
from latentlab.families.vae.model.sampler import Sampler
from latentlab.families.vae.model.sigma import fit_sigma
from latentlab.learning.conditioning import num_classes_of
from latentlab.learning.descent import Descent, to_float
from latentlab.learning.graph import before_activation, forward
from latentlab.learning.tensors import Tensor

METRICS = ("reconstruction", "kl", "objective")


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
        self._logits = before_activation(decoder, "sigmoid")
        self._optimizer, self._objective = optimizer, objective
        trainable = encoder.trainable_variables + decoder.trainable_variables
        self._descent = Descent(self._terms, METRICS, trainable, optimizer)

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
        return self._descent.train(*batches)

    def validate(self, *arrays: npt.NDArray[Any]) -> dict[str, float]:
        """The terms of the objective on images, uint8 (n, h, w, channels), and labels as in training.

        The KL has the weight that a warm-up comes to, so that epochs compare.
        """
        return self._descent.validate(*arrays)

    def fit_sigma(self, *arrays: npt.NDArray[Any]) -> float:
        """The best sigma of pixels for images, uint8 (n, h, w, channels), and labels as in training."""
        return fit_sigma(lambda *batch: self._through(*batch, training=False)[0], *arrays)

    def _terms(self, images: Tensor, *labels: Tensor, training: bool) -> tuple[Tensor, Tensor, Tensor]:
        logits, z_mean, z_log_var = self._through(images, *labels, training=training)
        step = self._optimizer.iterations if training else None
        return self._objective.terms(to_float(images), logits, z_mean, z_log_var, step=step)

    def _through(self, images: Tensor, *labels: Tensor, training: bool) -> tuple[Tensor, Tensor, Tensor]:
        """Logits of a draw of z, and the z_mean and z_log_var that it is drawn from."""
        classes = [tf.one_hot(each, self._num_classes) for each in labels]
        z_mean, z_log_var = forward(self.encoder, to_float(images), *classes, training=training)
        z = self.sampler(z_mean, z_log_var)
        return forward(self._logits, z, *classes, training=training), z_mean, z_log_var
