"""Values of all pairs of two sets of vectors, a block of rows at a time, in double precision."""

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

Vectors = npt.NDArray[Any]
Values = npt.NDArray[np.float64]
# Which of n vectors belong to each of some subsets: (subsets, n).
Members = npt.NDArray[np.bool_]
Blocks = Iterator[tuple[slice, Values]]

# A block of 256 rows by 10,000 columns takes 20 MB.
ROWS = 256


def products(x: Vectors, y: Vectors) -> Blocks:
    """Scalar products of x (n, d) with y (m, d): row ranges, and blocks (rows, m) that may be changed."""
    left, right = x.astype(np.float64), y.astype(np.float64).T
    for start in range(0, len(x), ROWS):
        rows = slice(start, min(start + ROWS, len(x)))
        yield rows, left[rows] @ right


def squared_distances(x: Vectors, y: Vectors) -> Blocks:
    """Squared Euclidean distances of x (n, d) to y (m, d), 0 or more, in blocks as ``products``."""
    x_norms, y_norms = (np.sum(part.astype(np.float64) ** 2, axis=1) for part in (x, y))
    for rows, block in products(x, y):
        block *= -2
        block += x_norms[rows, np.newaxis]
        block += y_norms
        yield rows, np.maximum(block, 0, out=block)


def member_sums(blocks: Iterable[tuple[slice, Values]], x_members: Members, y_members: Members) -> Values:
    """The sum of a value over all pairs of a member of x and one of y, for each pair of subsets.

    Args:
        blocks: row ranges of x, and the values (rows, m) of their pairs with y.
        x_members: (subsets, n).
        y_members: (subsets, m).

    Returns:
        float64 (subsets,).
    """
    x_weights, y_weights = x_members.astype(np.float64), y_members.T.astype(np.float64)
    totals = np.zeros(len(x_members))
    for rows, block in blocks:
        totals += np.sum(x_weights[:, rows] * (block @ y_weights).T, axis=1)
    return totals
