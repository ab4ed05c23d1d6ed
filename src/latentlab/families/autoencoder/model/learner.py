"""The plain autoencoder: the VAE's networks without the draw between them, and its training step."""

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import numpy.typing as npt

from latentlab.families.vae.model import networks
from latentlab.families.vae.model.sigma import fit_sigma
from latentlab.learning.descent import Descent, to_float
from latentlab.learning.graph import before_activation, forward
from latentlab.learning.tensors import Tensor

METRICS = ("reconstruction",)


def build_encoder(shape: networks.Architecture, seed: int) -> keras.Model:
    """The VAE's encoder without its variance: images float32 (batch, h, w, channels) in [0, 1] to z."""
    encoder = networks.build_encoder(shape, seed)
    z, _ = encoder.outputs
    return keras.Model(encoder.inputs[0], z, name="encoder")


class Autoencoder:
    """Encoder and decoder in training on the reconstruction alone; a learner for ``learning.loop``."""

    remedy = "lower autoencoder.learning_rate"

    def __init__(
        self,
        *,
        encoder: keras.Model,
        decoder: keras.Model,
        optimizer: keras.Optimizer,
        reconstruction: Callable[[Tensor, Tensor], Tensor],
    ) -> None:
        """Prepare to train encoder and decoder in place.

        Args:
            encoder, decoder: see :func:`build_encoder` and ``vae.networks.build_decoder``.
            optimizer: what moves their weights.
            reconstruction: of images and logits, (batch, h, w, channels); see ``vae.objectives``.
        """
        self.encoder, self.decoder = encoder, decoder
        self._logits = before_activation(decoder, "sigmoid")
        self._optimizer, self._reconstruction = optimizer, reconstruction
        trainable = encoder.trainable_variables + decoder.trainable_variables
        self._descent = Descent(self._terms, METRICS, trainable, optimizer)

    @property
    def variables(self) -> list[Any]:
        """All that training changes, in a fixed order."""
        return [*self.encoder.variables, *self.decoder.variables, *self._optimizer.variables]

    def train(self, *batches: npt.NDArray[Any]) -> dict[str, npt.NDArray[np.float32]]:
        """Train one step for each batch of images, uint8 (steps, batch, h, w, channels)."""
        return self._descent.train(*batches)

    def validate(self, *arrays: npt.NDArray[Any]) -> dict[str, float]:
        """The reconstruction of images, uint8 (n, h, w, channels), in nats per pixel."""
        return self._descent.validate(*arrays)

    def fit_sigma(self, *arrays: npt.NDArray[Any]) -> float:
        """The best sigma of pixels for images, uint8 (n, h, w, channels)."""
        return fit_sigma(lambda images: self._through(images, training=False), *arrays)

    def _terms(self, images: Tensor, *, training: bool) -> tuple[Tensor]:
        return (self._reconstruction(to_float(images), self._through(images, training=training)),)

    def _through(self, images: Tensor, *, training: bool) -> Tensor:
        z = forward(self.encoder, to_float(images), training=training)
        return forward(self._logits, z, training=training)
