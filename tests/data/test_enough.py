"""Splits that cannot be scored are refused, with what would be enough; each limit itself is."""

import numpy as np
import pytest

from latentlab.core.errors import DataError
from latentlab.data import enough
from latentlab.data.labelled import Labelled, Selection
from latentlab.data.splits import Division


def split(count: int, num_classes: int = 1) -> Selection:
    """So many images of classes in turn."""
    labels = np.resize(np.arange(num_classes, dtype=np.uint8), count)
    return Labelled(np.zeros((count, 8, 8, 1), np.uint8), labels).take(slice(None))


def division(train: int = 60, validation: int = 4, test: int = 20, num_classes: int = 1) -> Division:
    splits = {"train": split(train, num_classes), "validation": split(validation), "test": split(test)}
    return Division(splits, num_classes, 0)


def refusal(division: Division, num_samples: int = 20, limit: int | None = None) -> str:
    with pytest.raises(DataError) as caught:
        enough.require(division, num_samples, limit)
    return str(caught.value)


def test_the_fewest_images_that_can_be_scored_are_taken() -> None:
    """20 for the test, 4 for validation, and 6 to train on, of some class 4."""
    enough.require(division(train=6), 20, None)
    enough.require(division(train=31, num_classes=10), 20, None)
    enough.require(division(test=50), 50, 50)


@pytest.mark.parametrize(
    ("few", "told"),
    [
        ({"train": 5}, "expected 6 different images or more for train, got 5"),
        ({"test": 19}, "expected 20 different images or more for test, got 19"),
        ({"validation": 3}, "expected 4 different images or more for validation, got 3"),
    ],
)
def test_a_split_that_is_too_small_is_named_with_what_is_enough(few: dict[str, int], told: str) -> None:
    """Of a source without parts a fifth is for the test."""
    message = refusal(division(**few))
    assert told in message
    assert "100 without parts are enough" in message


def test_a_class_of_some_size_is_needed() -> None:
    message = refusal(division(train=30, num_classes=10))
    assert "expected 4 training images or more of some class, got at most 3 of each of 10." in message


def test_more_samples_than_test_images_are_refused_with_the_number_to_set() -> None:
    message = refusal(division(test=50), num_samples=51)
    assert "expected at most 50, the number of test images, got 51. Set evaluate.num_samples: 50" in message
    assert "data.limit" not in message
    assert "or raise data.limit, which is 50" in refusal(division(test=50), num_samples=51, limit=50)
    assert "data.limit" not in refusal(division(test=50), num_samples=51, limit=60)
