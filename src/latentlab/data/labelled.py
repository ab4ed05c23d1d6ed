"""Images together with their labels."""

import hashlib
from collections.abc import Iterator
from typing import Any, NamedTuple, Self

import numpy as np
import numpy.typing as npt

from latentlab.core import mapped


class Labelled(NamedTuple):
    """Raw images and their labels, one of each.

    Attributes:
        images: uint8 (n, height, width, channels), 0 to 255; may be mapped from disk.
        labels: uint8 (n,), classes counted from 0; all 0 of images that have none.
    """

    images: npt.NDArray[np.uint8]
    labels: npt.NDArray[np.uint8]

    def take(self, index: npt.NDArray[np.intp] | slice) -> "Selection":
        """Those at the given positions, in that order."""
        return Selection(self, np.arange(len(self.labels))[index])


class Selection(NamedTuple):
    """Some of labelled images in an order of their own; images are read when they are asked for.

    Attributes:
        source: what is selected from.
        positions: in it, (n,).
    """

    source: Labelled
    positions: npt.NDArray[np.intp]

    @property
    def labels(self) -> npt.NDArray[np.uint8]:
        """The labels, uint8 (n,)."""
        return self.source.labels[self.positions]

    @property
    def images(self) -> npt.NDArray[np.uint8]:
        """The images, uint8 (n, height, width, channels), all in memory."""
        return mapped.rows(self.source.images, self.positions)

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of the images, (n, height, width, channels)."""
        return (len(self.positions), *self.source.images.shape[1:])

    def blocks(self) -> Iterator[npt.NDArray[np.uint8]]:
        """The images, a few at a time: uint8 (any, height, width, channels)."""
        return mapped.blocks(self.source.images, self.positions)

    def take(self, index: npt.NDArray[np.intp] | slice) -> Self:
        """Those at the given positions, in that order."""
        return self._replace(positions=self.positions[index])

    def describe(self) -> dict[str, Any]:
        """Their count, and the SHA-256 over all bytes of the images and then of the labels."""
        digest = hashlib.sha256()
        for block in self.blocks():
            digest.update(block.data)
        digest.update(self.labels.data)
        return {"count": len(self.positions), "sha256": digest.hexdigest()}
