"""Grids of images: where each pixel goes, and what is refused."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from latentlab.core.arrays import Images
from latentlab.showing.figures import grids


def numbered(count: int, height: int = 2, width: int = 3, channels: int = 1) -> Images:
    """Images of one value each: 1, 2, 3, ..."""
    values = np.arange(1, count + 1, dtype=np.uint8)
    return np.broadcast_to(values[:, None, None, None], (count, height, width, channels)).copy()


def test_mosaic_by_hand() -> None:
    picture = grids.mosaic(grids.in_rows(numbered(4, 1, 2), 2), gap=1)
    expected = [[1, 1, 255, 2, 2], [255] * 5, [3, 3, 255, 4, 4]]
    np.testing.assert_array_equal(picture, np.repeat(np.array(expected)[..., None], 3, axis=-1))
    assert picture.dtype == np.uint8


def test_colours_stay_as_they_are() -> None:
    images = np.random.default_rng(0).integers(0, 256, (1, 1, 5, 4, 3), dtype=np.uint8)
    np.testing.assert_array_equal(grids.mosaic(images, gap=7), images[0, 0])


def test_without_gap_tiles_touch() -> None:
    assert grids.mosaic(grids.in_rows(numbered(6), 3), gap=0).shape == (4, 9, 3)


def test_last_row_is_filled_with_white() -> None:
    rows = grids.in_rows(numbered(5), 3)
    assert rows.shape == (2, 3, 2, 3, 1)
    np.testing.assert_array_equal(rows[..., 0, 0, 0], [[1, 2, 3], [4, 5, 255]])


def test_few_images_make_a_short_row() -> None:
    assert grids.in_rows(numbered(2), 10).shape[:2] == (1, 2)


def test_height_keeps_the_images_proportions_up_to_a_limit() -> None:
    wide = np.zeros((2, 4, 10, 20, 1), np.uint8)
    assert grids.height_for(wide, 8.0) == 2.0
    assert grids.height_for(np.zeros((50, 1, 28, 28, 1), np.uint8), 10.0) == grids.MOST_INCHES


def test_names_stand_at_the_middle_of_their_rows() -> None:
    axes = Figure().add_subplot()
    grids.show(axes, np.zeros((2, 1, 28, 28, 1), np.uint8), ["first", "second"])
    assert [label.get_text() for label in axes.get_yticklabels()] == ["first", "second"]
    # Rows of 28 pixels, two apart, counted from the middle of the first pixel.
    np.testing.assert_allclose(axes.get_yticks(), [13.5, 43.5])


@pytest.mark.parametrize(
    "images",
    [
        np.zeros((1, 2, 3), np.uint8),
        np.zeros((1, 2, 3, 2), np.uint8),
        np.zeros((0, 2, 3, 1), np.uint8),
        np.zeros((1, 2, 3, 1), np.float32),
    ],
    ids=["three axes", "two channels", "none", "floats"],
)
def test_what_is_no_image_is_refused(images: Images) -> None:
    with pytest.raises(ValueError, match="at least one uint8 image in 4 axes"):
        grids.in_rows(images, 2)
    with pytest.raises(ValueError, match="at least one uint8 image in 5 axes"):
        grids.mosaic(images, 1)
