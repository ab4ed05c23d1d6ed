"""Principal components of images, in which distances are cheap and no classifier has a say."""

import numpy as np
import scipy.linalg

from latentlab.core import mapped
from latentlab.scoring.metrics.pairs import Values, Vectors

NUM_COMPONENTS = 64
# More images change the components little and cost much.
MOST_FITTED = 10_000
ROWS = 1000


class Components:
    """The first 64 principal components of a set of images, or as many as they have pixels."""

    def __init__(self, pixels: Vectors) -> None:
        """Fit them to at most 10,000 of the images (n, pixels), on any scale; these may lie on disk."""
        thinned = np.arange(0, len(pixels), -(-len(pixels) // MOST_FITTED))
        fitted = mapped.rows(pixels, thinned).astype(np.float64)
        self._mean = fitted.mean(axis=0)
        fitted -= self._mean
        size = fitted.shape[1]
        largest = [max(0, size - NUM_COMPONENTS), size - 1]
        _, self._directions = scipy.linalg.eigh(fitted.T @ fitted, subset_by_index=largest)

    def project(self, pixels: Vectors) -> Values:
        """Coordinates of images (n, pixels), of which a few at a time are read: float64 (n, components)."""
        parts = (mapped.rows(pixels, slice(start, start + ROWS)) for start in range(0, len(pixels), ROWS))
        return np.concatenate([(part - self._mean) @ self._directions for part in parts])
