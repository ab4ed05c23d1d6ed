"""Whether samples lie nearer to the training images than unseen real images do."""

import warnings

import numpy as np
import numpy.typing as npt
import scipy.cluster.vq

from latentlab.scoring.metrics.pairs import Members, Values, Vectors, squared_distances

MOST_CELLS = 10
# Test images for each cell on average, and the least of them, and of samples, in a cell that counts.
IMAGES_PER_CELL = 100
LEAST_IN_CELL = 20
NUM_ITERATIONS = 10

Cells = npt.NDArray[np.integer]


class CopyTest:
    """The C_T test for data copying (Meehan, Chaudhuri and Dasgupta 2020, section 3.2).

    Space is divided into cells. In each, the distances of samples to their nearest training image of the
    cell are compared with those of unseen test images by the statistic of Mann and Whitney, as a number of
    standard deviations from no difference. C_T is the mean over cells, by their test images: about 0 for
    unseen real images, far below it for copies. All images come as principal components.
    """

    def __init__(self, training: Vectors, test: Vectors, members: Members, seed: int) -> None:
        """Lay the cells and measure the test images.

        Args:
            training: training images, (n, d).
            test: unseen images, (m, d).
            members: which of the test images belong to each subset, (subsets, m), all first.
            seed: of the cells.
        """
        self._training, self._members = training, members
        self._centres = _lay_cells(training, test, seed)
        self._training_cells, self._test_cells = (_cells(part, self._centres) for part in (training, test))
        self._test_distances = self._distances(test, self._test_cells)

    def score(self, samples: Vectors, members: Members) -> Values:
        """C_T of samples (n, d), of which some belong to each subset (subsets, n): (subsets,).

        Cells with fewer than 20 samples do not count; where all are that small, they count as one.
        """
        cells = _cells(samples, self._centres)
        distances, test_cells = self._distances(samples, cells), self._test_cells
        if np.bincount(cells).max() < LEAST_IN_CELL:
            cells, test_cells = np.zeros_like(cells), np.zeros_like(test_cells)
        used = [cell for cell in np.unique(cells) if np.sum(cells == cell) >= min(LEAST_IN_CELL, len(cells))]
        weights = np.array([np.sum(self._members & (test_cells == cell), axis=1) for cell in used])
        deviations = np.empty(weights.shape)
        for place, cell in enumerate(used):
            of_samples, of_test = members & (cells == cell), self._members & (test_cells == cell)
            for subset, (mine, theirs) in enumerate(zip(of_samples, of_test, strict=True)):
                share = share_farther(distances[mine], self._test_distances[theirs])
                # In standard deviations of all images, so that halves spread as the standard error of all.
                deviations[place, subset] = standardise(share, of_samples[0].sum(), of_test[0].sum())
        return np.sum(weights * deviations, axis=0) / weights.sum(axis=0)

    def _distances(self, images: Vectors, cells: Cells) -> Values:
        """The squared distance of each image to the nearest training image of its cell."""
        nearest = np.empty(len(images))
        for cell in np.unique(cells):
            chosen = np.flatnonzero(cells == cell)
            for rows, block in squared_distances(
                images[chosen], self._training[self._training_cells == cell]
            ):
                nearest[chosen[rows]] = block.min(axis=1)
        return nearest


def share_farther(distances: Values, test_distances: Values) -> float:
    """The share of pairs in which a sample's distance is greater than a test image's; ties are halves."""
    if not len(distances) or not len(test_distances):
        return 0.5
    ordered = np.sort(test_distances)
    below = np.searchsorted(ordered, distances, "left") + np.searchsorted(ordered, distances, "right")
    return float(below.mean() / 2 / len(ordered))


def standardise(share: float, num_samples: int, num_test: int) -> float:
    """The deviation of that share from 1/2 over its standard deviation for equal distributions.

    (U - n m / 2) / sqrt(n m (n + m + 1) / 12), where U = n m share (Mann and Whitney 1947).
    """
    return (share - 0.5) * float(np.sqrt(12 * num_samples * num_test / (num_samples + num_test + 1)))


def _lay_cells(training: Vectors, test: Vectors, seed: int) -> Values:
    """Centres of cells (cells, d) by k-means; one cell where another would be too empty to be compared."""
    count = min(MOST_CELLS, len(test) // IMAGES_PER_CELL)
    if count > 1:
        with warnings.catch_warnings():
            # An empty cluster is seen below.
            warnings.simplefilter("ignore")
            centres, training_cells = scipy.cluster.vq.kmeans2(
                training, count, iter=NUM_ITERATIONS, minit="points", rng=seed
            )
        smallest_test = np.bincount(_cells(test, centres), minlength=count).min()
        if smallest_test >= LEAST_IN_CELL and np.bincount(training_cells, minlength=count).min():
            return centres
    return np.mean(training, axis=0, keepdims=True)


def _cells(images: Vectors, centres: Values) -> Cells:
    """The cell with the nearest centre, for each image: (n,)."""
    cells, _ = scipy.cluster.vq.vq(images, centres)
    return cells
