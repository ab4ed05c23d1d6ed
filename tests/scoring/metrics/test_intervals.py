"""Intervals: halves whose deviation is the standard error, exactly for a mean."""

from itertools import combinations

import numpy as np
import pytest
import scipy.stats

from latentlab.scoring.metrics.frechet import frechet_distance, gaussian_statistics
from latentlab.scoring.metrics.intervals import NUM_HALVES, interval, with_halves


def test_all_images_first_and_then_different_halves_without_repetition() -> None:
    members = with_halves(9, seed=0)
    assert members.shape == (1 + NUM_HALVES, 9)
    assert members[0].all()
    assert (members[1:].sum(axis=1) == 4).all()
    assert len({half.tobytes() for half in members[1:]}) > NUM_HALVES / 2
    assert np.array_equal(members, with_halves(9, seed=0))
    assert not np.array_equal(members, with_halves(9, seed=1))


def test_too_few_images_are_refused() -> None:
    with pytest.raises(ValueError, match="expected at least 4 images to halve, got 3"):
        with_halves(3, seed=0)


def test_the_variance_over_all_halves_is_the_squared_standard_error_of_the_mean() -> None:
    """For every set, not only on average: here of six numbers, over all 20 halves."""
    numbers = np.array([3.0, -1, 4, 1, 5, 9])
    means = [np.mean(half) for half in combinations(numbers, 3)]
    assert np.var(means) == pytest.approx(np.var(numbers, ddof=1) / 6)


def test_interval_by_hand() -> None:
    """Halves of 1 and 3 deviate by the root of 2; t of one degree of freedom is 12.706."""
    values = np.array([10.0, 1, 3])
    reach = scipy.stats.t.ppf(0.975, 1) * np.sqrt(2)
    assert reach == pytest.approx(12.706 * np.sqrt(2), rel=1e-4)
    assert interval(values, (-np.inf, np.inf)) == pytest.approx([10 - reach, 10 + reach])
    assert interval(values, (0, 20)) == [0, 20]


def test_bias_of_the_halves_moves_nothing() -> None:
    halves = np.random.default_rng(0).normal(size=NUM_HALVES)
    low, high = interval(np.array([5.0, *halves]), (-np.inf, np.inf))
    again = interval(np.array([5.0, *(halves + 100)]), (-np.inf, np.inf))
    assert again == pytest.approx([low, high])
    assert (low + high) / 2 == pytest.approx(5)


def test_the_reach_is_the_spread_over_fresh_sets() -> None:
    """Of a Frechet distance between two sets that are 1 apart in each of four dimensions."""
    rng = np.random.default_rng(1)

    def values(x_members: np.ndarray, y_members: np.ndarray) -> np.ndarray:
        x, y = rng.normal(size=(200, 4)), rng.normal(1, 1, size=(200, 4))
        pairs = zip(x_members, y_members, strict=True)
        return np.array(
            [frechet_distance(gaussian_statistics(x[a]), gaussian_statistics(y[b])) for a, b in pairs]
        )

    everything = np.ones((1, 200), bool)
    fresh = np.var([values(everything, everything)[0] for _ in range(1000)], ddof=1)
    halves = [
        np.var(values(with_halves(200, seed)[1:], with_halves(200, 1000 + seed)[1:]), ddof=1)
        for seed in range(100)
    ]
    assert np.sqrt(np.mean(halves)) == pytest.approx(np.sqrt(fresh), rel=0.1)
