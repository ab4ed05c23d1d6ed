"""Which images each training step sees: a pure function of seed and epoch."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from latentlab.core import mapped

Arrays = tuple[npt.NDArray[Any], ...]


class Feed(Protocol):
    """Training data in the order of an epoch."""

    @property
    def arrays(self) -> Arrays:
        """Images, and labels where the model wants them, of equal length."""

    def order(self, epoch: int) -> npt.NDArray[np.int64]:
        """The images of each step of an epoch, as indices (steps, batch)."""


@dataclass(frozen=True)
class Shuffled:
    """Every image once an epoch, in random order; the epoch's first images fill its last batch up."""

    arrays: Arrays
    batch_size: int
    seed: int

    def order(self, epoch: int) -> npt.NDArray[np.int64]:
        """Indices (steps, batch_size); steps is the number of images / batch_size, rounded up."""
        num_images = len(self.arrays[0])
        steps = -(-num_images // self.batch_size)
        order = np.random.default_rng([self.seed, epoch]).permutation(num_images)
        return np.resize(order, (steps, self.batch_size))


@dataclass(frozen=True)
class Drawn:
    """Images drawn independently, with replacement."""

    arrays: Arrays
    batch_size: int
    steps: int
    seed: int

    def order(self, epoch: int) -> npt.NDArray[np.int64]:
        """Indices (steps, batch_size)."""
        rng = np.random.default_rng([self.seed, epoch])
        return rng.integers(len(self.arrays[0]), size=(self.steps, self.batch_size))


def stacks(feed: Feed, epoch: int, steps: int) -> Iterator[Arrays]:
    """The batches of an epoch, up to ``steps`` of them stacked: each array is (steps, batch, ...).

    Only these batches are read from the arrays, which may lie on disk.
    """
    order = feed.order(epoch)
    for first in range(0, len(order), steps):
        yield tuple(mapped.rows(array, order[first : first + steps]) for array in feed.arrays)
