"""The yardstick's figure: each number of a step stands beside its pictures, at its distance."""

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from latentlab.showing.figures import grids, yardstick
from latentlab.showing.figures.yardstick import Ladder, Levels

SIDE = 6
LEVELS = Levels(0.0, (-0.01, 0.01), 0.05, 1.0)


def ladder(name: str, *distances: float, images: bool = True) -> Ladder:
    """Of grey images, whose grey is ten times the step."""
    greys = np.arange(len(distances) + 1, dtype=np.uint8)[:, None, None, None, None] * np.uint8(10)
    made = np.broadcast_to(greys, (len(distances) + 1, 4, SIDE, SIDE, 1)).copy()
    intervals = [(value - 0.01, value + 0.01) for value in distances]
    strengths = [f"{step} of it" for step, _ in enumerate(distances)]
    return Ladder(name, strengths, distances, intervals, made if images else None)


FOUND = [
    ladder("blur", 0.1, 0.2, 1.0),
    ladder("hue", 0.0, 0.3, 0.2),
    ladder("classes", 0.5, 2.0, images=False),
]


def draw(levels: Levels = LEVELS) -> Figure:
    figure = yardstick.ladders(FOUND, levels, "a title")
    figure.draw_without_rendering()
    return figure


def numbers(axes: Axes) -> list[tuple[str, float]]:
    return [(text.get_text(), text.get_position()[0]) for text in axes.texts]


def test_numbers_stand_at_their_distances_the_first_on_top_of_its_row() -> None:
    pictures, distances = draw().axes
    assert numbers(distances) == [
        *zip("123", FOUND[0].distances, strict=True),
        *zip("123", FOUND[1].distances, strict=True),
        *zip("12", FOUND[2].distances, strict=True),
    ]
    heights = [text.get_position()[1] for text in distances.texts]
    assert heights == sorted(heights)
    row_height = pictures.images[0].get_size()[0] / len(FOUND)
    assert [int((height + 0.5) // row_height) for height in heights] == [0, 0, 0, 1, 1, 1, 2, 2]
    # Both have one scale from top to bottom, at one place.
    assert distances.get_ylim() == pictures.get_ylim()
    boxes = [axes.get_window_extent() for axes in (pictures, distances)]
    assert [boxes[0].y0, boxes[0].y1] == pytest.approx([boxes[1].y0, boxes[1].y1])
    assert boxes[0].x1 < boxes[1].x0


def test_pictures_go_from_real_to_the_last_step_and_the_same_few_each_time() -> None:
    pictures = draw().axes[0]
    image = np.asarray(pictures.images[0].get_array())
    columns = np.array(pictures.get_xticks()).round().astype(int)
    rows = np.array(pictures.get_yticks()).round().astype(int)
    assert image[rows[0], columns, 0].tolist() == [0, 10, 20, 30]
    # Three of the four in each of four columns.
    greys, counts = np.unique(image[rows[0], :, 0], return_counts=True)
    assert (greys[:-1].tolist(), counts[:-1].tolist()) == ([0, 10, 20, 30], [3 * SIDE] * 4)
    assert [label.get_text() for label in pictures.get_xticklabels()] == ["real", "1", "2", "3"]
    assert [label.get_text() for label in pictures.get_yticklabels()] == ["blur", "hue", "classes"]


def test_a_set_that_becomes_poorer_is_told_in_words() -> None:
    pictures = draw().axes[0]
    image = np.asarray(pictures.images[0].get_array())
    third = len(image) // len(FOUND)
    assert np.all(image[-third:] == grids.WHITE)
    columns = list(pictures.get_xticks())
    assert numbers(pictures) == [("0 of it", columns[1]), ("1 of it", columns[2])]


def test_the_levels_and_their_ratio_can_be_read() -> None:
    distances = draw().axes[1]
    lines = [np.asarray(line.get_xdata()) for line in distances.lines]
    assert [line[0] for line in lines if len(np.unique(line)) == 1] == [0.0, 0.05, 1.0]
    legend = distances.get_legend()
    assert legend
    assert [text.get_text() for text in legend.get_texts()] == [
        "unseen real images",
        "slightly degraded",
        "without structure, 20 times as far",
    ]


def test_the_axis_is_numbered_at_zero_and_at_powers_of_ten() -> None:
    names = [label.get_text() for label in draw().axes[1].get_xticklabels()]
    assert names == ["0", "0.01", "0.1", "1"]
    # Nearer to zero than chance takes real images, powers of ten would lie on each other.
    far = draw(LEVELS._replace(chance=(-0.5, 0.1)))
    assert [label.get_text() for label in far.axes[1].get_xticklabels()] == ["0", "1"]
