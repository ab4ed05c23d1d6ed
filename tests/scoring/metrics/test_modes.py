"""Which classes samples cover, and how they spread."""

import numpy as np
import pytest

from latentlab.scoring.metrics.modes import (
    asked_class_share,
    class_counts,
    class_divergence,
    classes_covered,
    missing_classes,
)


def counts(*numbers: float) -> np.ndarray:
    return np.array([numbers], np.float64)


def missing(samples: np.ndarray, data: np.ndarray, size: int) -> list[int]:
    return np.flatnonzero(missing_classes(samples, np.array([size]), data)[0]).tolist()


def covered(samples: np.ndarray, data: np.ndarray) -> float:
    return float(classes_covered(missing_classes(samples, samples.sum(axis=1), data), data)[0])


def test_counts_of_each_subset_by_hand() -> None:
    members = np.array([[True] * 4, [False, True, True, False]])
    found = class_counts(np.array([0, 2, 2, 3], np.uint8), 5, members)
    np.testing.assert_array_equal(found, [[1, 0, 2, 1, 0], [0, 0, 2, 0, 0]])
    assert found.dtype == np.float64


def test_no_images_have_no_counts() -> None:
    with pytest.raises(ValueError, match="expected the classes of at least one image, got none"):
        class_counts(np.array([], np.int64), 10, np.ones((1, 0), bool))


def test_a_tenth_of_the_share_in_the_data_is_enough_and_less_is_not() -> None:
    """Classes of 0.5, 0.3 and 0.2 in the data are covered from 0.05, 0.03 and 0.02 on."""
    data = counts(50, 30, 20)
    assert covered(counts(950, 30, 20), data) == 3
    assert covered(counts(951, 29, 20), data) == 2
    assert covered(counts(49, 950, 1), data) == 1


def test_even_data_cover_themselves_and_a_collapse_covers_one() -> None:
    data = counts(*[100] * 10)
    assert covered(data, data) == 10
    assert covered(counts(0, 1000, *[0] * 8), data) == 1


def test_samples_that_do_not_look_real_cover_nothing_but_still_count_as_samples() -> None:
    """Of 1,000 samples 10 of a class are a tenth of its share of a tenth, and 9 are not."""
    data = counts(*[100] * 10)
    assert missing(counts(10, 9, *[0] * 8), data, 1000) == list(range(1, 10))
    assert missing(counts(*[0] * 10), data, 1000) == list(range(10))


def test_classes_that_the_data_lack_do_not_count() -> None:
    assert covered(counts(5, 5, 0), counts(10, 0, 0)) == 1


def test_divergence_by_hand() -> None:
    """With 1/2 added to each: (2, 1) / 3 against (1, 2) / 3 gives 2/3 log 2 - 1/3 log 2."""
    assert class_divergence(counts(1.5, 0.5), counts(0.5, 1.5)) == pytest.approx([np.log(2) / 3])


def test_divergence_is_zero_for_equal_histograms_and_finite_for_missing_classes() -> None:
    data = counts(*[100] * 10)
    assert class_divergence(data, data).tolist() == [0]
    half, one = counts(*[200] * 5, *[0] * 5), counts(1000, *[0] * 9)
    assert 0.5 < class_divergence(half, data)[0] < class_divergence(one, data)[0] < np.log(10)
    assert np.isfinite(class_divergence(data, one)).all()


def test_asked_classes_by_hand() -> None:
    """Right and real; right and unreal; wrong and real; right and real: 2 of 4."""
    looks_real = np.array([True, False, True, True])
    assert asked_class_share(np.array([3, 3, 1, 0]), np.array([3, 3, 2, 0]), looks_real) == 0.5
