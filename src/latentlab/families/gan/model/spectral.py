"""Spectral normalisation: a discriminator that no direction of its input moves by more than a bound."""

from collections.abc import Sequence
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from latentlab.learning.conditioning import chain_of
from latentlab.learning.tensors import Tensor

# Steps of the power iteration before the training; in it, one a step is enough, for weights move slowly.
FIRST_STEPS = 20


class Free:
    """A network as it is: what moves are its own variables."""

    def __init__(self, network: keras.Model) -> None:
        """Take the network."""
        self.trainable: list[Any] = network.trainable_variables
        self.variables: list[Any] = []

    def gradients(self, gradients: Sequence[Tensor]) -> list[Tensor]:
        """By ``trainable``, of those by the network's trainable variables."""
        return list(gradients)

    def normalise(self) -> None:
        """Nothing follows from a step."""
        return  # AutoGraph cannot read a function without a statement, and warns of it.


class SpectralNorm(Free):
    """A network each of whose kernels is W / sigma(W), sigma the largest singular value (Miyato et al. 2018).

    The kernel of a convolution counts as a matrix with a column for each filter. What moves are the W, which
    are kept beside the network; the network itself holds W / sigma(W), so that it stays one of plain layers,
    and is saved as such. Sigma is |W u|, u from a power iteration (appendix A, algorithm 1).
    """

    def __init__(self, network: keras.Model, seed: int) -> None:
        """Take the W from the network, and normalise it.

        Args:
            network: is changed in place.
            seed: of the power iterations' starts.
        """
        super().__init__(network)
        layers = [layer for layer in chain_of(network).layers if hasattr(layer, "kernel")]
        rng = np.random.default_rng(seed)
        self._kernels = [layer.kernel for layer in layers]
        self._raw = [keras.Variable(layer.kernel, name=f"{layer.name}_raw") for layer in layers]
        self._directions = [
            keras.Variable(
                rng.standard_normal(layer.kernel.shape[-1], "float32"),
                trainable=False,
                name=f"{layer.name}_u",
            )
            for layer in layers
        ]
        raw_of = {id(kernel): raw for kernel, raw in zip(self._kernels, self._raw, strict=True)}
        self._are_raw = [id(variable) in raw_of for variable in self.trainable]
        self.trainable = [raw_of.get(id(variable), variable) for variable in self.trainable]
        self.variables = [*self._raw, *self._directions]
        for _ in range(FIRST_STEPS):
            self.normalise()

    def gradients(self, gradients: Sequence[Tensor]) -> list[Tensor]:
        """By the W and by all that is not normalised, of those by the network's variables (equation 12)."""
        of_kernels = [each for each, is_raw in zip(gradients, self._are_raw, strict=True) if is_raw]
        with tf.GradientTape() as tape:
            kernels = [_normalised(*pair) for pair in zip(self._raw, self._directions, strict=True)]
        of_raw = iter(tape.gradient(kernels, self._raw, of_kernels))
        return [
            next(of_raw) if is_raw else each for each, is_raw in zip(gradients, self._are_raw, strict=True)
        ]

    def normalise(self) -> None:
        """After a change of the W: one more step of each power iteration, and the network's kernels anew."""
        for kernel, raw, direction in zip(self._kernels, self._raw, self._directions, strict=True):
            matrix = _matrix(raw)
            right = tf.linalg.matvec(matrix, direction)
            left = tf.linalg.matvec(matrix, right, transpose_a=True)
            direction.assign(left / tf.norm(left))
            kernel.assign(_normalised(raw, direction))


def _normalised(raw: Tensor, direction: Tensor) -> Tensor:
    return raw / tf.norm(tf.linalg.matvec(_matrix(raw), direction))


def _matrix(kernel: Tensor) -> Tensor:
    return tf.reshape(kernel, [-1, kernel.shape[-1]])
