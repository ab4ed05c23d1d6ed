"""The test for data copying: by hand, equal to SciPy's statistic, and caught copiers."""

import numpy as np
import pytest
import scipy.stats

from latentlab.scoring.metrics.memorisation import CopyTest, _lay_cells, share_farther, standardise


def everything(count: int) -> np.ndarray:
    return np.ones((1, count), bool)


def points(count: int, seed: int) -> np.ndarray:
    """Four clusters in the plane."""
    rng = np.random.default_rng(seed)
    centres = np.array([[0, 0], [20, 0], [0, 20], [20, 20]])
    return centres[np.arange(count) % 4] + rng.normal(size=(count, 2))


@pytest.fixture(scope="module")
def copy_test() -> CopyTest:
    return CopyTest(points(1000, 0), points(400, 1), everything(400), seed=0)


def score(copy_test: CopyTest, samples: np.ndarray) -> float:
    return float(copy_test.score(samples, everything(len(samples)))[0])


def test_share_by_hand() -> None:
    """2 is above 1 and ties with one of two 2s; 0 is above nothing: (1 + 1/2 + 1/2) / 6."""
    assert share_farther(np.array([2.0, 0.0]), np.array([2.0, 1.0, 2.0])) == pytest.approx(2 / 6)
    assert share_farther(np.array([]), np.array([1.0])) == 0.5


def test_deviation_is_that_of_the_statistic_of_mann_and_whitney() -> None:
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=40), rng.normal(0.5, 1, size=60)
    ours = standardise(share_farther(x, y), 40, 60)
    theirs = scipy.stats.mannwhitneyu(x, y, use_continuity=False, method="asymptotic")
    assert 2 * scipy.stats.norm.sf(abs(ours)) == pytest.approx(theirs.pvalue, rel=1e-6)
    assert share_farther(x, y) == pytest.approx(theirs.statistic / 2400)
    assert ours < 0


def test_copies_deviate_as_far_as_can_be(copy_test: CopyTest) -> None:
    """Of 100 and 100 in each of four cells: -sqrt(3 n m / (n + m + 1))."""
    expected = -np.sqrt(3 * 100 * 100 / 201)
    assert score(copy_test, points(1000, 0)[:400]) == pytest.approx(expected, rel=0.05)


def test_fresh_points_do_not_and_near_copies_and_far_points_do(copy_test: CopyTest) -> None:
    near = points(1000, 0)[:400] + np.random.default_rng(2).normal(0, 0.02, size=(400, 2))
    assert abs(score(copy_test, points(400, 3))) < 3
    assert score(copy_test, near) < -5
    assert score(copy_test, points(400, 3) * 1.3) > 5


def test_a_copier_of_one_cluster_alone_is_caught(copy_test: CopyTest) -> None:
    mixed = np.concatenate([points(1000, 0)[0:400:4], points(400, 3)[1::4], points(400, 3)[2::4]])
    assert score(copy_test, mixed) < -3


def test_few_samples_in_every_cell_are_taken_together(copy_test: CopyTest) -> None:
    assert score(copy_test, points(1000, 0)[:40]) < -5
    assert score(copy_test, points(40, 4)) > -4


def two_clusters(first: int, second: int, seed: int) -> np.ndarray:
    return np.concatenate([points(4 * first, seed)[::4], points(4 * second, seed)[3::4]])


def test_a_cell_counts_from_20_samples_on() -> None:
    test = CopyTest(two_clusters(300, 300, 0), two_clusters(100, 100, 1), everything(200), seed=0)
    copies, far = two_clusters(20, 0, 0), two_clusters(0, 20, 2) + 5
    assert score(test, np.concatenate([copies, far[:19]])) == score(test, copies) < -5
    assert score(test, np.concatenate([copies, far])) > -2


@pytest.mark.parametrize(("in_the_smaller", "cells"), [(20, 2), (19, 1)])
def test_cells_need_20_test_images_each(in_the_smaller: int, cells: int) -> None:
    test = two_clusters(200 - in_the_smaller, in_the_smaller, 1)
    assert len(_lay_cells(two_clusters(300, 300, 0), test, seed=0)) == cells


def test_few_test_images_have_one_cell() -> None:
    small = CopyTest(points(1000, 0), points(150, 1), everything(150), seed=0)
    expected = -np.sqrt(3 * 150 * 150 / 301)
    assert score(small, points(1000, 0)[:150]) == pytest.approx(expected, rel=0.01)


def test_halves_have_the_deviation_of_all() -> None:
    """Copies in halves are as extreme as in full, and not less by the root of 2."""
    members = np.stack([np.full(400, True), np.arange(400) < 200])
    halves = CopyTest(points(1000, 0), points(400, 1), members, seed=0)
    full, half = halves.score(points(1000, 0)[:400], members)
    assert half == pytest.approx(full, rel=0.05)


def test_equal_images_everywhere_are_one_cell() -> None:
    same = np.zeros((400, 3))
    assert score(CopyTest(same, same, everything(400), seed=0), same) == 0
