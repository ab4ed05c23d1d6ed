"""Images along paths: a row for each way, under its name."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from latentlab.showing.figures import paths


def rows(count: int) -> np.ndarray:
    return np.zeros((count, 5, 6, 6, 1), np.uint8)


def names(figure: Figure) -> list[str]:
    return [label.get_text() for label in figure.axes[0].get_yticklabels()]


def test_each_pair_is_walked_in_a_line_and_then_along_an_arc() -> None:
    figure = paths.interpolations(rows(4), "a title")
    assert names(figure) == ["line", "arc", "line", "arc"]
    assert figure.get_suptitle() == "a title"


def test_dimensions_stand_in_the_order_of_their_use() -> None:
    figure = paths.traversals(rows(3), "a title", [0.25, 2.0, 0.25, 0.0])
    assert figure.get_suptitle() == "a title"
    assert names(figure) == ["$z_{2}$, 2.00 nats", "$z_{1}$, 0.25 nats", "$z_{3}$, 0.25 nats"]


def test_what_is_no_grid_of_images_is_refused() -> None:
    with pytest.raises(ValueError, match="5 axes"):
        paths.interpolations(rows(4)[0], "title")
