"""In which shares of the classes samples come, where no single image's class can be told well.

A linear probe that is often wrong is wrong in the same way about samples as about real images. So its mean
scores of the samples are a mixture of its mean scores of each class, whose weights are the classes' shares
(Lipton et al. 2018, "Detecting and correcting for label shift with black box predictors"). That holds while
samples of a class look like real images of it: a slight blur or noise already shifts the shares. So with them
comes the kernel distance from real images that count by them, which is about 0 where it holds.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import scipy.linalg

from latentlab.scoring.metrics.intervals import interval
from latentlab.scoring.metrics.kernel import weighted_distance
from latentlab.scoring.metrics.pairs import Members, Values, Vectors

# On the squared weights, beside the mean squared error, for features with a mean square of 1. With a tenth of
# it shares are less exact.
RIDGE = 1.0
# Parts of a class's share among real images. Classes are lost below the lower one, if the whole interval of
# some class lies below the upper one.
LOST, SURE = 0.3, 0.6
# Beside the scores, the equation that shares sum to 1, which must hold.
FIRM = 1000.0

Probe = Callable[[Vectors], Values]


def fit_probe(features: Vectors, labels: npt.NDArray[np.integer], num_classes: int) -> Probe:
    """Ridge regression from features (n, d) to labels (n,), one for each class; gives scores (m, classes)."""
    mean = features.mean(axis=0, dtype=np.float64)
    centred, targets = features - mean, np.eye(num_classes)[labels]
    shares = targets.mean(axis=0)
    penalised = centred.T @ centred / len(features) + RIDGE * np.eye(features.shape[1])
    slopes = centred.T @ (targets - shares) / len(features)
    weights = scipy.linalg.solve(penalised, slopes, assume_a="pos")
    return lambda others: np.asarray((others - mean) @ weights + shares, np.float64)


def class_shares(
    real: Values, labels: npt.NDArray[np.integer], samples: Values, members: tuple[Members, Members]
) -> Values:
    """The share of each class among samples, of sum 1: (subsets, classes).

    By chance that of a class without samples can lie below 0: with a floor there, its halves would not
    differ, and nothing would say how uncertain it is.

    Args:
        real: scores of real images that the probe was not fitted to, (n, classes).
        labels: of those, (n,).
        samples: scores of samples, (m, classes).
        members: which real images and which samples each subset takes, (subsets, n) and (subsets, m).
    """
    return np.array([_shares(real[a], labels[a], samples[b]) for a, b in zip(*members, strict=True)])


def _shares(real: Values, labels: npt.NDArray[np.integer], samples: Values) -> Values:
    chosen = np.eye(real.shape[1])[labels]
    # A class of which a half has no image is told by its nothing.
    means = real.T @ chosen / np.maximum(chosen.sum(axis=0), 1)
    firm = np.full((1, real.shape[1]), FIRM)
    found, *_ = scipy.linalg.lstsq(np.concatenate([means, firm]), np.append(samples.mean(axis=0), FIRM))
    return np.asarray(found, np.float64)


class LabelShift:
    """Real images of known classes, and a probe that was not fitted to them."""

    def __init__(self, probe: Probe, features: Vectors, labels: npt.NDArray[np.integer]) -> None:
        """Take real images by their features (n, d) and labels (n,), of each class some."""
        self._probe, self._features, self._labels = probe, features, labels
        self._scores = probe(features)
        self._counts = np.bincount(labels)

    def score(self, samples: Vectors, members: tuple[Members, Members]) -> dict[str, Any]:
        """What the classes' shares say of samples (m, d); members as of :func:`class_shares`, all first.

        Returns:
            class_shares: among the samples, 0 or more.
            lost_classes: those with less than 0.3 of their share among real images, if one of all certainly
                has less than 0.6.
            reweighted_distance: the kernel distance from real images that count by the shares.
        """
        shares = class_shares(self._scores, self._labels, self._probe(samples), members)
        upper = np.array([interval(part, (-np.inf, np.inf))[1] for part in shares.T])
        real, told = self._counts / len(self._labels), np.maximum(shares[0], 0)
        told /= told.sum()
        lost = (told < LOST * real) & (upper < SURE * real).any()
        weights = told[self._labels] / self._counts[self._labels]
        return {
            "class_shares": told.tolist(),
            "lost_classes": np.flatnonzero(lost).tolist(),
            "reweighted_distance": weighted_distance(self._features, weights, samples),
        }
