"""The digits that two presets are run on: whole, of every class, and the same every time."""

import numpy as np

from scripts import coloured_digits


def test_a_digit_is_moved_and_stays_whole() -> None:
    digit = np.zeros((28, 28), np.uint8)
    digit[4:24, 4:24] = 200
    places = set()
    for seed in range(40):
        placed = coloured_digits.place(digit, np.random.default_rng(seed))
        assert placed.shape == (32, 32)
        assert placed.sum() == digit.sum()
        places.add(tuple(np.argwhere(placed)[0].tolist()))
    assert len(places) > 20


def test_colours_are_bright_on_dark_and_the_same_for_the_same_seed() -> None:
    digit = np.zeros((32, 32), np.uint8)
    digit[10:20, 10:20] = 255
    for seed in range(20):
        first, again = (coloured_digits.colour(digit, np.random.default_rng(seed)) for _ in range(2))
        np.testing.assert_array_equal(first, again)
        assert first[15, 15].max() >= 0.8 * 255 - 1
        assert first[0, 0].max() <= 0.3 * 255 + 1
