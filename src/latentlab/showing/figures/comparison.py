"""Sets of images side by side: real ones and each model's, with their scores."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil, sqrt
from typing import Any

from matplotlib.figure import Figure

from latentlab.core.arrays import Images
from latentlab.showing.figures import grids, style

MOST_SHOWN = 64
COLUMN_WIDTH = 5.4
TITLES_HEIGHT = 1.5
DISTANCES = {"frechet_distance": "Fréchet distance", "kernel_distance": "kernel distance"}


@dataclass(frozen=True)
class Column:
    """One column of the comparison.

    Attributes:
        name: where the images come from.
        images: uint8 (n, height, width, channels), n of 1 or more.
        scores: those that can be believed, by name: of distances from test images the first is told, and
            with ``classes_covered`` how many classes appear often enough among all images scored.
    """

    name: str
    images: Images
    scores: Mapping[str, Any]


def comparison(columns: Sequence[Column], num_classes: int) -> Figure:
    """The same number of images, at most 64, from every column, in their order, under their scores.

    Args:
        columns: one or more, drawn from left to right.
        num_classes: classes in the data.
    """
    titled = [(_title(column, num_classes), column.images) for column in columns]
    return side_by_side("Real and generated images", titled)


def side_by_side(title: str, columns: Sequence[tuple[str, Images]]) -> Figure:
    """The same number of images, at most 64, from every column, in their order, under its name."""
    count = min(MOST_SHOWN, *(len(images) for _, images in columns))
    shown = [(name, grids.in_rows(images[:count], ceil(sqrt(count)))) for name, images in columns]
    height = TITLES_HEIGHT + grids.height_for(shown[0][1], COLUMN_WIDTH)
    figure = style.new_figure(title, COLUMN_WIDTH * len(columns), height)
    for axes, (name, grid) in zip(figure.subplots(1, len(columns), squeeze=False)[0], shown, strict=True):
        grids.show(axes, grid)
        axes.set_title(name, fontsize=style.LABEL_SIZE, color=style.INK)
    return figure


def _title(column: Column, num_classes: int) -> str:
    distances = [
        f"{name} {column.scores[key]:.3g}" for key, name in DISTANCES.items() if key in column.scores
    ]
    lines = [column.name, *distances[:1]]
    if "classes_covered" in column.scores:
        lines.append(f"{column.scores['classes_covered']} of {num_classes} classes")
    return "\n".join(lines)
