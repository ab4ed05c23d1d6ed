"""Which generated images lie among real ones and the other way round, by exact nearest neighbours.

All inequalities are strict, and a point is no neighbour of itself.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from latentlab.scoring.metrics.pairs import Members, Values, Vectors, squared_distances

# The k of Naeem et al. 2020.
NEAREST = 5
# So many of each point's neighbours are kept that a random half of all has 5 of them: of 64, all but surely
# (it fails for one point in 10^13).
LISTED = 64


class Balls(NamedTuple):
    """Around each point of a set the ball that reaches to its 5th nearest neighbour, in each of some subsets.

    Attributes:
        centres: the points, (n, d).
        members: which of them belong to each subset, (subsets, n).
        squared_radii: float64 (subsets, n), of balls without their surface; 0 where a point is no member.
    """

    centres: Vectors
    members: Members
    squared_radii: Values


class Overlap(NamedTuple):
    """How points lie in the balls of others, in each of some subsets.

    Attributes:
        balls_around: in how many balls of members a member lies, int (subsets, m); 0 for what is no member.
        is_reached: whether a member's ball holds any member of the points, bool (subsets, n).
    """

    balls_around: npt.NDArray[np.int64]
    is_reached: npt.NDArray[np.bool_]


def balls(points: Vectors, members: Members) -> Balls:
    """The balls of points (n, d), n at least 2, within each subset (subsets, n).

    In a subset of 5 points or fewer a ball reaches to the farthest.
    """
    if points.ndim != 2 or len(points) < 2:
        raise ValueError(f"expected at least 2 points (n, d), got {points.shape}")
    neighbours, distances = _nearest(points)
    radii = [_radii(neighbours, distances, subset) for subset in members]
    return Balls(points, members, np.array(radii))


def overlaps(real: Balls, samples: Balls) -> tuple[Overlap, Overlap]:
    """How samples lie in the balls of real images, and real images in those of samples, subset by subset."""
    real_reach, sample_reach = real.squared_radii.max(axis=0), samples.squared_radii.max(axis=0)
    in_real, in_samples = _no_overlap(real, samples), _no_overlap(samples, real)
    for rows, block in squared_distances(real.centres, samples.centres):
        x, y = np.nonzero(block < np.maximum(real_reach[rows, np.newaxis], sample_reach))
        distances = block[x, y]
        x += rows.start
        _add(in_real, real, samples, (x, y, distances))
        _add(in_samples, samples, real, (y, x, distances))
    return in_real, in_samples


def precision(in_real: Overlap, samples: Members) -> Values:
    """The share of samples in the ball of any real image: (subsets,).

    Kynkaanniemi et al. 2019, equations 1 and 2; recall is the same of real images in balls of samples.
    """
    return (in_real.balls_around > 0).sum(axis=1) / samples.sum(axis=1)


def density(in_real: Overlap, samples: Members) -> Values:
    """How many balls of real images hold a sample, on average and over 5: (subsets,), 1 for real images.

    Naeem et al. 2020, equation 3.
    """
    return in_real.balls_around.sum(axis=1) / (NEAREST * samples.sum(axis=1))


def coverage(in_real: Overlap, real: Members) -> Values:
    """The share of real images whose ball holds a sample: (subsets,) (Naeem et al. 2020, equation 4)."""
    return in_real.is_reached.sum(axis=1) / real.sum(axis=1)


def _nearest(points: Vectors) -> tuple[npt.NDArray[np.int64], Values]:
    """The nearest other points of each, and their squared distances, from near to far: (n, 64) or fewer."""
    count = min(LISTED, len(points) - 1)
    indices, distances = np.empty((len(points), count), np.int64), np.empty((len(points), count))
    for rows, block in squared_distances(points, points):
        block[np.arange(len(block)), np.arange(rows.start, rows.stop)] = np.inf
        found = np.argpartition(block, count - 1, axis=1)[:, :count]
        values = np.take_along_axis(block, found, axis=1)
        order = np.argsort(values, axis=1, kind="stable")
        indices[rows] = np.take_along_axis(found, order, axis=1)
        distances[rows] = np.take_along_axis(values, order, axis=1)
    return indices, distances


def _radii(neighbours: npt.NDArray[np.int64], distances: Values, subset: npt.NDArray[np.bool_]) -> Values:
    """The squared distance to the 5th neighbour in a subset (n,), or to the last: (n,), 0 outside of it."""
    counted = np.cumsum(subset[neighbours], axis=1, dtype=np.int8)
    wanted = np.minimum(NEAREST, counted[:, -1:])
    position = np.argmax(counted >= wanted, axis=1)
    return np.where(subset, distances[np.arange(len(distances)), position], 0.0)


def _no_overlap(around: Balls, points: Balls) -> Overlap:
    return Overlap(np.zeros(points.members.shape, np.int64), np.zeros(around.members.shape, bool))


def _add(
    overlap: Overlap,
    around: Balls,
    points: Balls,
    pairs: tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], Values],
) -> None:
    """Count pairs of a ball and a point at a squared distance, in place, where the point lies inside."""
    ball, point, distances = pairs
    for subset, radii in enumerate(around.squared_radii):
        inside = (distances < radii[ball]) & points.members[subset, point]
        overlap.balls_around[subset] += np.bincount(point[inside], minlength=len(points.centres))
        overlap.is_reached[subset, ball[inside]] = True
