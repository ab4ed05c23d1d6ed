"""Latents together with the classes that a model is told of them."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from latentlab.core.arrays import Labels

# Of one block, so that memory does not grow with what is asked for.
BLOCK = 1000


class Points(NamedTuple):
    """Latents, float32 (n, latent_dim), and the class of each, (n,); None where they stand for none."""

    latents: npt.NDArray[np.float32]
    labels: Labels | None

    def blocks(self) -> Iterator["Points"]:
        """The same, a block at a time."""
        for start in range(0, len(self.latents), BLOCK):
            part = slice(start, start + BLOCK)
            yield Points(self.latents[part], None if self.labels is None else self.labels[part])
