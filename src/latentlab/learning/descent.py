"""Gradient descent on the last of some terms, all of which are reported."""

from collections.abc import Callable, Sequence
from typing import Any

import keras
import numpy as np
import numpy.typing as npt
import tensorflow as tf

from latentlab.core import mapped
from latentlab.learning.devices import scale_of_gradients
from latentlab.learning.steps import Steps
from latentlab.learning.tensors import Tensor

# Validation images for each call into the compiled code.
PART = 250


class Descent:
    """Training and validation of what maps images, and what is known of them, to a loss and its parts."""

    def __init__(
        self,
        terms: Callable[..., Sequence[Tensor]],
        names: Sequence[str],
        trainable: list[Any],
        optimizer: keras.Optimizer,
    ) -> None:
        """Prepare to train variables in place.

        Args:
            terms: takes one batch of each array, images first, and ``training``; gives scalars, means over
                the batch, of which the last is minimised.
            names: of the terms.
            trainable: the variables.
            optimizer: what moves them.
        """
        self._terms, self._names, self._trainable = terms, tuple(names), trainable
        self._optimizer = optimizer
        self._optimizer.build(trainable)
        self.train_steps = Steps(self._train_step, [f"train_{name}" for name in names])
        self._validate = tf.function(self._validation_terms)

    def train(self, *batches: npt.NDArray[Any]) -> dict[str, npt.NDArray[np.float32]]:
        """Train one step for each batch, (steps, batch, ...); the terms of each step, by name."""
        return self.train_steps(*batches)

    def validate(self, *arrays: npt.NDArray[Any]) -> dict[str, float]:
        """The means of the terms over all of some arrays, (n, ...)."""
        values = means(self._validate, *arrays)
        return {f"validation_{name}": float(value) for name, value in zip(self._names, values, strict=True)}

    def _train_step(self, *batch: Tensor) -> Tensor:
        gradients, terms = self._gradients(*batch)
        self._optimizer.apply(gradients, self._trainable)
        return terms

    def _gradients(self, *batch: Tensor) -> tuple[list[Tensor], Tensor]:
        with tf.GradientTape() as tape:
            terms = self._terms(*batch, training=True)
        return tape.gradient(terms[-1], self._trainable), tf.stack(terms)

    def _validation_terms(self, *arrays: Tensor) -> Tensor:
        return tf.stack(self._terms(*arrays, training=False))


def means(terms: Callable[..., Tensor], *arrays: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
    """What means over a batch, a tensor (terms,), come to over all of some arrays, (n, ...): (terms,)."""
    count = len(arrays[0])
    slices = [slice(start, min(start + PART, count)) for start in range(0, count, PART)]
    parts = ([mapped.rows(array, part) for array in arrays] for part in slices)
    found = [terms(*map(tf.constant, part)).numpy() for part in parts]
    averaged: npt.NDArray[np.float64] = np.average(
        found, axis=0, weights=[part.stop - part.start for part in slices]
    )
    return averaged


def to_float(images: Tensor) -> Tensor:
    """Pixels from 0 to 255 as float32 in [0, 1]."""
    return tf.cast(images, tf.float32) / 255.0


class Cooldown(keras.optimizers.schedules.LearningRateSchedule):
    """A step size that stays what it is, and at the end falls in a line to 0.

        rate min(1, (steps - step) / last)

    So the noise of batches shakes the last weights no more, and moving averages catch up with them (the
    linear cooldown of Hägele et al. 2024, "Scaling laws and compute-optimal training beyond fixed training
    durations", section 3).
    """

    def __init__(self, rate: float, steps: int, last: int) -> None:
        """Let ``rate`` fall over the ``last`` of so many steps, each 1 or more."""
        self.rate, self.steps, self.last = rate, steps, last

    def __call__(self, step: Tensor) -> Tensor:
        """The step size of a step, counted from 0: scalars."""
        left = tf.cast(self.steps - tf.cast(step, tf.int64), tf.float32)
        return self.rate * tf.clip_by_value(left / self.last, 0.0, 1.0)

    def get_config(self) -> dict[str, Any]:
        """What it is made from."""
        return {"rate": self.rate, "steps": self.steps, "last": self.last}


def cooled_down(rate: float, steps: int, share: float) -> float | Cooldown:
    """The step size of each of so many steps, which falls to 0 over this share of them, 0 (off) to 1."""
    last = round(share * steps)
    return Cooldown(rate, steps, last) if last else rate


def adam(learning_rate: float | Cooldown, beta_1: float = 0.9) -> keras.Optimizer:
    """Adam (Kingma and Ba 2015), with the paper's decay of the mean gradient unless told otherwise."""
    return keras.optimizers.Adam(learning_rate, beta_1=beta_1, loss_scale_factor=scale_of_gradients())
