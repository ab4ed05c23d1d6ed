import re

import pytest

from latentlab.core.errors import ParamsError
from latentlab.learning.halvings import halved, require_fit


def fits(filters: list[int], *image_shape: int) -> bool:
    try:
        require_fit("some.key", filters, image_shape)
    except ParamsError:
        return False
    return True


def test_odd_sides_are_halved_to_the_larger_half() -> None:
    assert [halved(28, times) for times in range(4)] == [28, 14, 7, 4]
    assert halved(33, 3) == 5


@pytest.mark.parametrize(
    ("side", "times"),
    [
        (8, {1}),
        (9, {1}),
        (15, {1, 2}),
        (16, {1, 2}),
        (28, {2, 3}),
        (32, {2, 3}),
        (33, {3}),
        (64, {3, 4}),
        (256, {5, 6}),
    ],
)
def test_maps_of_4_to_8_pixels_fit(side: int, times: set[int]) -> None:
    assert {count for count in range(1, 9) if fits([3] * count, side, side, 1)} == times


def test_the_shorter_side_counts() -> None:
    assert fits([3, 3], 28, 200, 3)
    assert fits([3, 3], 200, 28, 3)


@pytest.mark.parametrize(
    ("filters", "side", "reason"),
    [
        ([8, 16], 64, "got [8, 16], which makes maps of 16 of images of 64. Set it to [8, 16, 16] or"),
        (
            [8, 16, 32, 64],
            28,
            "got [8, 16, 32, 64], which makes maps of 2 of images of 28. Set it to [8, 16] or",
        ),
        ([4], 256, "got [4], which makes maps of 128 of images of 256. Set it to [4, 4, 4, 4, 4] or"),
    ],
)
def test_what_does_not_fit_is_refused_with_what_would(filters: list[int], side: int, reason: str) -> None:
    with pytest.raises(ParamsError, match=re.escape(reason)) as raised:
        require_fit("some.key", filters, (side, side, 3))
    assert str(raised.value).startswith("some.key: expected a number for each halving or doubling")


@pytest.mark.parametrize("side", range(8, 257))
def test_what_it_names_fits_images_of_every_size(side: int) -> None:
    with pytest.raises(ParamsError) as raised:
        require_fit("some.key", [5] * 9, (side, side, 1))
    named = re.search(r"Set it to \[([\d, ]+)\]", str(raised.value))
    assert named
    assert fits([int(count) for count in named[1].split(",")], side, side, 1)
