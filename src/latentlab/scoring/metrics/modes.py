"""How samples spread over the classes of the data."""

import numpy as np
import numpy.typing as npt

from latentlab.scoring.metrics.pairs import Members, Values

# A class is covered when at least this share of its share in the data is found in it.
COVERED_SHARE = 0.1
# Added to the count of each class before histograms are compared, so that an empty one is no infinity.
PSEUDO_COUNT = 0.5


def class_counts(classes: npt.NDArray[np.integer], num_classes: int, members: Members) -> Values:
    """How often each class appears among the members of each subset.

    Args:
        classes: class indices, (n,).
        num_classes: classes in the data.
        members: which images belong to each subset, (subsets, n), 1 or more in each.

    Returns:
        float64 (subsets, num_classes).
    """
    if not members.any(axis=1).all():
        raise ValueError("expected the classes of at least one image, got none")
    return members @ np.eye(num_classes)[classes]


def missing_classes(
    counts: Values, sizes: npt.NDArray[np.integer], data_counts: Values
) -> npt.NDArray[np.bool_]:
    """Which classes of the data get less than a tenth of their share in it among the samples.

    Args:
        counts: samples of each class that count, (subsets, classes): those that look real.
        sizes: all samples, (subsets,).
        data_counts: real images of each class, (subsets, classes).

    Returns:
        (subsets, classes).
    """
    shares, data_shares = counts / sizes[:, np.newaxis], _shares(data_counts)
    # Shares are rounded, and exactly a tenth is enough.
    return (shares < COVERED_SHARE * data_shares - 1e-12) & (data_shares > 0)


def classes_covered(missing: npt.NDArray[np.bool_], data_counts: Values) -> Values:
    """How many of the classes in ``data_counts`` (subsets, classes) are not missing: (subsets,)."""
    return np.sum((data_counts > 0) & ~missing, axis=1).astype(np.float64)


def class_divergence(counts: Values, data_counts: Values) -> Values:
    """The KL divergence of the samples' classes from the data's, in nats: (subsets,), 0 or more.

        sum over classes of p log(p / q)

    p and q are the shares of counts (subsets, classes) with 1/2 added to each.
    """
    p, q = _shares(counts + PSEUDO_COUNT), _shares(data_counts + PSEUDO_COUNT)
    return np.sum(p * np.log(p / q), axis=1)


def asked_class_share(
    classes: npt.NDArray[np.integer], asked: npt.NDArray[np.integer], looks_real: npt.NDArray[np.bool_]
) -> float:
    """The share of samples that look real and are seen as the class that they were asked to be, in [0, 1].

    Args:
        classes: that are seen in the samples, (n,).
        asked: the classes asked for, (n,).
        looks_real: whether a sample lies within reach of real images, (n,); a classifier has an answer to
            any image, and only of these is it worth something.
    """
    return float(np.mean(looks_real & (classes == asked)))


def _shares(counts: Values) -> Values:
    return counts / counts.sum(axis=1, keepdims=True)
