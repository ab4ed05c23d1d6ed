"""How far a score of n images can be trusted, from random halves of them."""

import numpy as np
import numpy.typing as npt
import scipy.special

from latentlab.scoring.metrics.pairs import Members, Values

NUM_HALVES = 20
CONFIDENCE = 0.95


def with_halves(size: int, seed: int) -> Members:
    """All of ``size`` images, 4 or more, and 20 random halves of them: bool (21, size), all first.

    Halves are drawn without replacement. A bootstrap would repeat images, and a repeated image has
    itself for a nearest neighbour, at distance zero.
    """
    if size < 4:
        raise ValueError(f"expected at least 4 images to halve, got {size}")
    rng = np.random.default_rng(seed)
    members = np.zeros((1 + NUM_HALVES, size), bool)
    members[0] = True
    for half in members[1:]:
        half[rng.permutation(size)[: size // 2]] = True
    return members


def interval(values: Values, bounds: tuple[float, float]) -> list[float]:
    """The 95 % interval of a statistic: its value on all images, give or take t times a standard error.

    A mean of m out of n images drawn without replacement has the variance sigma^2 / m (1 - m / n): for
    m = n / 2 this is sigma^2 / n, the squared standard error of the mean of all. The same holds for every
    statistic whose error shrinks with the root of n (Politis and Romano 1994, section 2, without the factor
    for a finite population). So the deviation of the halves *is* the standard error. Statistics of halves can
    have another bias, so only their spread is used, and the interval lies around the value of all.

    Args:
        values: of all images and of each half, (1 + halves,).
        bounds: the least and the greatest value that the statistic can take.

    Returns:
        The lower and the upper end, within the bounds.
    """
    full, halves = values[0], values[1:]
    # Student's, from here, because `scipy.stats` takes a second to import.
    quantile = scipy.special.stdtrit(len(halves) - 1, (1 + CONFIDENCE) / 2)
    reach = quantile * np.std(halves, ddof=1)
    ends: npt.NDArray[np.float64] = np.clip([full - reach, full + reach], *bounds)
    return ends.tolist()
