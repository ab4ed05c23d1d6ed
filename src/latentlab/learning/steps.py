"""Training steps in compiled code, several for each call from Python."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import tensorflow as tf

from latentlab.learning.devices import take_step
from latentlab.learning.tensors import Tensor


class Steps:
    """A training step, compiled to be taken any number of times a call.

    Attributes:
        step: takes one batch of each array and trains on it; gives its metrics, (len(names),).
        names: of the metrics.
    """

    def __init__(self, step: Callable[..., Tensor], names: Sequence[str]) -> None:
        """Compile nothing yet: the batches say for which shapes."""
        self.step, self.names = step, tuple(names)
        self._function = tf.function(self._loop)

    def __call__(self, *batches: npt.NDArray[Any]) -> dict[str, npt.NDArray[np.float32]]:
        """Take a step for each batch, (steps, batch, ...); each metric, (steps,), by name."""
        values = self.compiled(*batches)(*map(tf.constant, batches)).numpy()
        return dict(zip(self.names, values.T, strict=True))

    def compiled(self, *batches: npt.NDArray[Any]) -> Any:
        """The function for batches of such shapes, traced once for all numbers of steps."""
        return self._function.get_concrete_function(
            *(tf.TensorSpec([None, *array.shape[1:]], array.dtype) for array in batches)
        )

    def _loop(self, *batches: Tensor) -> Tensor:
        num_steps = tf.shape(batches[0])[0]
        values = tf.TensorArray(tf.float32, size=num_steps, element_shape=[len(self.names)])
        for number in tf.range(num_steps):
            values = values.write(number, take_step(self.step, [each[number] for each in batches]))
        return values.stack()
