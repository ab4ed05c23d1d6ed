"""A learner that computes nothing much, for the tests of the loop and of what surrounds it."""

from typing import Any

import numpy as np
import numpy.typing as npt


class Variable:
    """What the loop knows of a Keras variable."""

    def __init__(self, value: npt.NDArray[Any]) -> None:
        self.value = value

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> npt.NDArray[Any]:
        return np.array(self.value, dtype)

    def assign(self, value: npt.NDArray[Any]) -> None:
        assert value.shape == self.value.shape
        self.value = value


class CountingLearner:
    """Sums up the numbers that it sees, in order: total = (3 total + number) modulo 2^61."""

    remedy = "lower counting.learning_rate"

    def __init__(self) -> None:
        self.total = Variable(np.zeros((), np.int64))
        self.weights = Variable(np.zeros((2, 3), np.float32))

    @property
    def variables(self) -> list[Any]:
        return [self.total, self.weights]

    def train(self, *batches: npt.NDArray[Any]) -> dict[str, npt.NDArray[np.float32]]:
        (numbers,) = batches
        for number in numbers.ravel():
            self.total.value = np.array((3 * int(self.total.value) + int(number)) % 2**61)
        self.weights.value = self.weights.value + np.float32(1)
        return {"loss": numbers.mean(axis=1, dtype=np.float32), "steps": np.ones(len(numbers), np.float32)}

    def validate(self, *arrays: npt.NDArray[Any]) -> dict[str, float]:
        return {f"validation_{len(array)}": float(array.mean()) for array in arrays}

    def draw(self) -> dict[str, npt.NDArray[np.uint8]]:
        """One image of the total."""
        return {"samples": np.full((1, 2, 2, 1), self.total.value % 256, np.uint8)}
