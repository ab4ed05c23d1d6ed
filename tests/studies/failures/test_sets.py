"""Sets of images with one known trouble each, on images whose pixels say where they come from."""

from typing import Any

import numpy as np
import pytest

from latentlab.core.arrays import Images
from studies.failures import sets
from studies.failures.sets import HeldOut

COUNT = 20
MADE = {failure.name: failure for failure in sets.FAILURES}


def numbered(count: int, first: int, channels: int = 1) -> Images:
    """Images of 8 x 8 pixels, each of one grey that is its number."""
    greys = np.arange(first, first + count, dtype=np.uint8)
    return np.broadcast_to(greys[:, None, None, None], (count, 8, 8, channels)).copy()


def held_out(**changes: Any) -> HeldOut:
    """Twenty images of five classes, counted from 0, and training images from 100."""
    labels = (np.arange(COUNT) % 5).astype(np.uint8)
    held = HeldOut(numbered(COUNT, 0), labels, numbered(40, 100), numbered(COUNT, 200), seed=0)
    return held._replace(**changes)


def greys(name: str) -> list[int]:
    return MADE[name].make(held_out())[:, 0, 0, 0].tolist()


def test_what_is_left_of_the_classes_are_the_last() -> None:
    assert greys("one class") == [4, 9, 14, 19]
    # Half of five are two.
    assert greys("half of the classes") == [3, 4, 8, 9, 13, 14, 18, 19]


def test_copies_take_the_place_of_held_out_images() -> None:
    assert greys("10 % copies") == [*range(2, 20), 138, 139]
    assert greys("copies") == list(range(120, 140))


def test_ten_images_are_repeated_and_real_ones_are_as_they_were() -> None:
    assert greys("ten images again and again") == [*range(10), *range(10)]
    assert greys("held-out real images") == list(range(COUNT))
    assert greys("one grey") == [128] * COUNT


def test_sets_are_those_that_such_images_can_have() -> None:
    def names(held: HeldOut) -> set[str]:
        return {failure.name for failure in sets.of(held)}

    coloured = held_out(images=numbered(COUNT, 0, channels=3))
    assert names(coloured) == set(MADE)
    assert names(held_out()) == set(MADE) - {"hue turned"}
    unlabelled = coloured._replace(labels=np.zeros(COUNT, np.uint8), untrained=None)
    assert names(unlabelled) == set(MADE) - {"one class", "half of the classes", "untrained generator"}
    with pytest.raises(ValueError, match="expected samples of a generator that has learned nothing"):
        MADE["untrained generator"].make(held_out(untrained=None))


def test_what_must_be_found_is_not_merely_allowed() -> None:
    assert all(failure.finding not in failure.allowed for failure in sets.FAILURES)
    assert [failure.name for failure in sets.FAILURES if failure.finding is None] == ["held-out real images"]
