"""Rows of classes, and of styles."""

import numpy as np
import pytest

from latentlab.showing.figures import classes


def grid(rows: int, columns: int) -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, (rows, columns, 6, 6, 1), dtype=np.uint8)


def test_each_class_has_a_row_with_its_name() -> None:
    figure = classes.one_a_row(grid(3, 4), "one row a class", [0, 2, 5])
    [axes] = figure.axes
    assert [label.get_text() for label in axes.get_yticklabels()] == ["0", "2", "5"]
    assert figure.get_suptitle() == "one row a class"


def test_styles_show_every_image() -> None:
    figure = classes.styles(grid(2, 4), "a title")
    [axes] = figure.axes
    assert figure.get_suptitle() == "a title"
    height, width, _ = np.asarray(axes.images[0].get_array()).shape
    assert (height, width) == (2 * 6 + 1, 4 * 6 + 3)


def test_a_row_without_images_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one uint8 image"):
        classes.one_a_row(grid(3, 0), "nothing", range(3))
