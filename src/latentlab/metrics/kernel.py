"""The kernel distance (KID) between two sets of features, exact and in double precision."""

from typing import Any

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[Any]
Values = npt.NDArray[np.float64]

BLOCK = 256


def kernel_distance(x: FloatArray, y: FloatArray) -> float:
    """The unbiased squared maximum mean discrepancy of features (n, d) and (m, d), n and m at least 2.

    The mean of k over pairs of different images of x, plus the same of y, minus twice the mean over pairs
    of x and y, where k(a, b) = (a.b / d + 1)^3 (Binkowski et al. 2018, section 4 and equation 4; the
    estimator is that of Gretton et al. 2012, lemma 6). Near zero, on either side of it, for two sets from one
    distribution; greater the more they differ.
    """
    all_x, all_y = (np.ones((1, len(part)), bool) for part in (x, y))
    means = mean_within(x, all_x) + mean_within(y, all_y) - 2 * mean_between(x, y, all_x, all_y)
    return float(means[0])


def mean_within(x: FloatArray, members: npt.NDArray[np.bool_]) -> Values:
    """The mean of k over pairs of different members of x, for each of some subsets.

    Args:
        x: features (n, d).
        members: which of them belong to each subset, (subsets, n), at least 2 in each.

    Returns:
        float64 (subsets,).
    """
    sizes = members.sum(axis=1)
    if x.ndim != 2 or sizes.min() < 2:
        raise ValueError(f"expected features (n, d) of at least 2 images, got {x.shape}, of which {sizes}")
    exact = x.astype(np.float64)
    same = members @ (np.sum(exact**2, axis=1) / x.shape[1] + 1) ** 3
    return (_sums(x, x, members, members) - same) / (sizes * (sizes - 1))


def mean_between(
    x: FloatArray, y: FloatArray, x_members: npt.NDArray[np.bool_], y_members: npt.NDArray[np.bool_]
) -> Values:
    """The mean of k over pairs of a member of x and one of y, for each of some pairs of subsets.

    Args:
        x: features (n, d).
        y: features (m, d).
        x_members: which of x belong to each subset, (subsets, n).
        y_members: the same for y, (subsets, m).

    Returns:
        float64 (subsets,).
    """
    return _sums(x, y, x_members, y_members) / (x_members.sum(axis=1) * y_members.sum(axis=1))


def _sums(
    x: FloatArray, y: FloatArray, x_members: npt.NDArray[np.bool_], y_members: npt.NDArray[np.bool_]
) -> Values:
    """The sum of k over pairs of members, (subsets,), a block of rows at a time."""
    scale = x.shape[1] ** -0.5
    left, right = x.astype(np.float64) * scale, (y.astype(np.float64) * scale).T
    x_weights, y_weights = x_members.astype(np.float64), y_members.T.astype(np.float64)
    total = np.zeros(len(x_members))
    for start in range(0, len(x), BLOCK):
        rows = slice(start, start + BLOCK)
        base = left[rows] @ right
        base += 1
        cubed = base * base
        cubed *= base
        total += np.einsum("sn,ns->s", x_weights[:, rows], cubed @ y_weights)
    return total
