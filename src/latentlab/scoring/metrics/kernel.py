"""The kernel distance (KID) between two sets of features, exact and in double precision."""

import numpy as np

from latentlab.scoring.metrics.pairs import Blocks, Members, Values, Vectors, member_sums, products


def kernel_distance(x: Vectors, y: Vectors) -> float:
    """The unbiased squared maximum mean discrepancy of features (n, d) and (m, d), n and m at least 2.

    The mean of k over pairs of different images of x, plus the same of y, minus twice the mean over pairs
    of x and y, where k(a, b) = (a.b / d + 1)^3 (Binkowski et al. 2018, section 4 and equation 4; the
    estimator is that of Gretton et al. 2012, lemma 6). Near zero, on either side of it, for two sets from one
    distribution; greater the more they differ.
    """
    all_x, all_y = (np.ones((1, len(part)), bool) for part in (x, y))
    means = mean_within(x, all_x) + mean_within(y, all_y) - 2 * mean_between(x, y, all_x, all_y)
    return float(means[0])


def weighted_distance(x: Vectors, weights: Values, y: Vectors) -> float:
    """The same of y (m, d) from images x (n, d) that count by weights (n,) of sum 1, two of them or more."""
    all_y = np.ones((1, len(y)), bool)
    own, others = (
        sum(float(weights[rows] @ (block @ counts)) for rows, block in _kernel(x, part))
        for part, counts in ((x, weights), (y, np.full(len(y), 1 / len(y))))
    )
    squares = weights**2
    same = squares @ (np.sum(x.astype(np.float64) ** 2, axis=1) / x.shape[1] + 1) ** 3
    return float((own - same) / (1 - squares.sum()) + mean_within(y, all_y)[0] - 2 * others)


def mean_within(x: Vectors, members: Members) -> Values:
    """The mean of k over pairs of different members of x (n, d), for each subset of 2 or more: (subsets,)."""
    sizes = members.sum(axis=1)
    if x.ndim != 2 or sizes.min() < 2:
        raise ValueError(f"expected features (n, d) of at least 2 images, got {x.shape}, of which {sizes}")
    same = members @ (np.sum(x.astype(np.float64) ** 2, axis=1) / x.shape[1] + 1) ** 3
    return (member_sums(_kernel(x, x), members, members) - same) / (sizes * (sizes - 1))


def mean_between(x: Vectors, y: Vectors, x_members: Members, y_members: Members) -> Values:
    """The mean of k over pairs of a member of x (n, d) and one of y (m, d), for each subset: (subsets,)."""
    sums = member_sums(_kernel(x, y), x_members, y_members)
    return sums / (x_members.sum(axis=1) * y_members.sum(axis=1))


def _kernel(x: Vectors, y: Vectors) -> Blocks:
    for rows, block in products(x, y):
        block /= x.shape[1]
        block += 1
        # Three times quicker than a power.
        square = block * block
        yield rows, np.multiply(square, block, out=block)
