"""How much of a plane of latents is shown."""

import numpy as np

from latentlab.core.arrays import Floats

# The prior's own standard deviation: a plane narrower than that is a collapse, and shall look like one.
LEAST_HALF_WIDTH = 1.0


def square(points: Floats, reach: float) -> tuple[Floats, float]:
    """The middle (2,) and half the side of a square around points (n, 2), one scale for both axes.

    Args:
        points: n of 1 or more.
        reach: half the side over that of the smallest such square.
    """
    low, high = points.min(axis=0), points.max(axis=0)
    return (low + high) / 2, reach * max(float((high - low).max()) / 2, LEAST_HALF_WIDTH)


def around_zero(points: Floats, reach: float) -> float:
    """Half the side of a square around the origin that shows all points (..., 2)."""
    return reach * max(float(np.abs(points).max()), LEAST_HALF_WIDTH)
