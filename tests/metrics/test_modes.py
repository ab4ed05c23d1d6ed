"""Which classes samples cover, and how they spread."""

import numpy as np
import pytest

from latentlab.metrics.modes import class_shares, classes_covered


def test_shares_worked_out_by_hand() -> None:
    shares = class_shares(np.array([0, 2, 2, 3], np.uint8), 5)
    np.testing.assert_array_equal(shares, [0.25, 0, 0.5, 0.25, 0])
    assert shares.dtype == np.float64


def test_no_images_have_no_shares() -> None:
    with pytest.raises(ValueError, match="expected the classes of at least one image, got none"):
        class_shares(np.array([], np.int64), 10)


def test_a_tenth_of_the_share_in_the_data_is_enough_and_less_is_not() -> None:
    """Classes of 0.5, 0.3 and 0.2 in the data are covered from 0.05, 0.03 and 0.02 on."""
    data = np.array([0.5, 0.3, 0.2])
    assert classes_covered(np.array([0.95, 0.03, 0.02]), data) == 3
    assert classes_covered(np.array([0.951, 0.029, 0.02]), data) == 2
    assert classes_covered(np.array([0.049, 0.95, 0.001]), data) == 1


def test_even_data_cover_themselves_and_a_collapse_covers_one() -> None:
    labels = np.arange(1000) % 10
    data = class_shares(labels, 10)
    assert classes_covered(data, data) == 10
    assert classes_covered(class_shares(np.full(1000, 7), 10), data) == 1
    # 10 of 1,000 samples are a tenth of a class's share of a tenth.
    assert classes_covered(class_shares(np.repeat([0, 1, 2], [981, 10, 9]), 10), data) == 2


def test_classes_that_the_data_lack_do_not_count() -> None:
    assert classes_covered(np.array([0.5, 0.5, 0.0]), np.array([1.0, 0.0, 0.0])) == 1
