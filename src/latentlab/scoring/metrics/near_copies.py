"""How many samples are near-copies of single training images, where ``memorisation`` looks at all at once."""

import numpy as np

from latentlab.scoring.metrics.pairs import Members, Values, Vectors, squared_distances

# The nearest training image, and the five after it that say how near training images lie there.
NEAREST = 6
# So many of the unseen images are as near to a training image as a near-copy is.
QUANTILE = 0.01


class NearCopies:
    """A test of each sample: does one training image lie far nearer to it than the next ones do?

    The distance to the nearest training image alone is small wherever images are alike, as blurred ones are.
    Relative to the distances of the next five it is about 1 there, and 0 for a copy. What unseen images have
    sets the limit: their 1 % quantile. All images come as principal components, all distances are Euclidean.
    A training image that the data repeat six times or more is found in its exact copies alone.
    """

    def __init__(self, training: Vectors, test: Vectors, members: Members) -> None:
        """Measure the test images.

        Args:
            training: training images, (n, d), n of 6 or more.
            test: unseen images, (m, d).
            members: which of the test images belong to each subset, (subsets, m), 1 or more in each.
        """
        if training.ndim != 2 or len(training) < NEAREST:
            raise ValueError(f"expected at least {NEAREST} training images (n, d), got {training.shape}")
        self._training = training
        ratios = nearest_ratios(test, training)
        self._limits = np.array([np.quantile(ratios[subset], QUANTILE) for subset in members])

    def score(self, samples: Vectors, members: Members) -> Values:
        """The share of near-copies among samples (n, d), of which some belong to each subset (subsets, n).

        Of unseen real images 0.01 are near-copies. A ratio at the limit counts: where the data themselves
        repeat images, the limit is 0, and exact copies still count.

        Returns:
            float64 (subsets,), in [0, 1].
        """
        ratios = nearest_ratios(samples, self._training)
        return np.sum(members & (ratios <= self._limits[:, np.newaxis]), axis=1) / members.sum(axis=1)


def nearest_ratios(images: Vectors, training: Vectors) -> Values:
    """The distance to the nearest training image over the mean of those to the second to sixth nearest.

    Args:
        images: (m, d).
        training: (n, d), n of 6 or more.

    Returns:
        float64 (m,), in [0, 1]; 0 for an exact copy, also where training holds the image six times.
    """
    ratios = np.zeros(len(images))
    for rows, block in squared_distances(images, training):
        nearest = training[np.argpartition(block, NEAREST - 1, axis=1)[:, :NEAREST]]
        # Once more from differences: in the block rounding leaves a copy at some distance from its original.
        distances = np.sort(np.linalg.norm(images[rows, np.newaxis] - nearest, axis=2), axis=1)
        following = distances[:, 1:].mean(axis=1)
        np.divide(distances[:, 0], following, out=ratios[rows], where=following > 0)
    return ratios
