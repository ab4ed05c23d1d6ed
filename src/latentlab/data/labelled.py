"""Images together with their labels."""

import hashlib
from typing import Any, NamedTuple, Self

import numpy as np
import numpy.typing as npt


class Labelled(NamedTuple):
    """Raw images and their labels, one of each.

    Attributes:
        images: uint8 (n, height, width, 1), grey levels 0 to 255.
        labels: uint8 (n,), classes counted from 0.
    """

    images: npt.NDArray[np.uint8]
    labels: npt.NDArray[np.uint8]

    def take(self, index: npt.NDArray[np.intp] | slice) -> Self:
        """Those at the given positions, in that order."""
        return self._replace(images=self.images[index], labels=self.labels[index])

    def describe(self) -> dict[str, Any]:
        """Their count, and the SHA-256 over all bytes of the images and then of the labels."""
        digest = hashlib.sha256(np.ascontiguousarray(self.images).data)
        digest.update(np.ascontiguousarray(self.labels).data)
        return {"count": len(self.labels), "sha256": digest.hexdigest()}
