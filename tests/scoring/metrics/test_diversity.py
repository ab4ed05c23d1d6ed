"""Distances of images within a class."""

import numpy as np
import pytest

from latentlab.scoring.metrics.diversity import mean_distances, within_class_diversity

PIXELS = np.array([[0, 0], [3, 4], [6, 8], [1, 1], [1, 1], [9, 9]], np.uint8)
CLASSES = np.array([0, 0, 0, 1, 1, 2])


def test_mean_distances_by_hand() -> None:
    """Class 0 has distances 5, 5 and 10; class 1 has two equal images; 2 and 3 have no pair."""
    members = np.array([[True] * 6, [True, False, True, True, False, True]])
    means = mean_distances(PIXELS, CLASSES, 4, members)
    np.testing.assert_allclose(means, [[20 / 3, 0, np.nan, np.nan], [10, np.nan, np.nan, np.nan]])


def test_the_ratio_of_each_class_counts_by_its_samples() -> None:
    """Ratios 1/2 with 30 samples and 2 with 10: (15 + 20) / 40. Others have no ratio."""
    means = np.array([[1.0, 4.0, 3.0, np.nan]])
    data = np.array([[2.0, 2.0, np.nan, 1.0]])
    assert within_class_diversity(means, data, np.array([[30, 10, 99, 1]])).tolist() == [35 / 40]


def test_a_class_of_equal_real_images_does_not_count() -> None:
    means, data = np.array([[3.0, 1.0]]), np.array([[0.0, 2.0]])
    assert within_class_diversity(means, data, np.array([[5, 2]])).tolist() == [0.5]


def test_without_any_pair_there_is_no_diversity() -> None:
    nothing = np.full((1, 2), np.nan)
    assert within_class_diversity(nothing, np.ones((1, 2)), np.array([[1, 1]])).tolist() == [0]


def test_fresh_images_score_one_and_repeated_ones_nothing() -> None:
    rng = np.random.default_rng(0)
    classes, everything = np.arange(400) % 2, np.ones((1, 400), bool)
    counts = np.array([[200, 200]])
    real, fresh = (mean_distances(rng.normal(size=(400, 9)), classes, 2, everything) for _ in range(2))
    assert within_class_diversity(fresh, real, counts)[0] == pytest.approx(1, abs=0.03)
    two = mean_distances(np.eye(2)[classes], classes, 2, everything)
    assert within_class_diversity(two, real, counts).tolist() == [0]
