"""Ladders of degraded real images, and how far from real ones a network sees each step."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import NullLocator

from latentlab.core.arrays import Images
from latentlab.showing.figures import grids, style

# Images of each step, and white between steps and between rows, in gaps between images.
NUM_SHOWN = 3
STEP_GAPS, ROW_GAPS = 4, 6
# Inches from left to right: names, pictures, distances; and from top to bottom.
NAMES, PICTURES, GUTTER, DISTANCES, RIGHT = 2.3, 8.2, 0.2, 6.0, 0.3
TOP, BOTTOM = 2.0, 0.9
WIDTH = NAMES + PICTURES + GUTTER + DISTANCES + RIGHT
# Steps of a ladder stand below each other, apart by so much of its row.
OFFSET = 0.31
MARKER_SIZE = 16
NUMBER: dict[str, Any] = {"fontsize": 13, "color": "white", "weight": "bold"}
COLOUR, JUDGED = style.PALETTE[:2]


class Ladder(NamedTuple):
    """One way in which real images become worse, step by step.

    Attributes:
        name: of the way.
        strengths: of its steps, in words, from slight to strong.
        distances: the kernel distance of each step from test images.
        intervals: the two ends of each one's 95 % interval.
        images: some real images, then each step of these, uint8 (1 + steps, n, height, width, channels); None
            where each image stays as it is, and the set becomes poorer.
    """

    name: str
    strengths: Sequence[str]
    distances: Sequence[float]
    intervals: Sequence[Sequence[float]]
    images: Images | None


class Levels(NamedTuple):
    """The kernel distances that a network is judged by.

    Attributes:
        real: of unseen real images.
        chance: the two ends of its 95 % interval.
        slight: of images that are degraded so slightly that they must be near real ones.
        destroyed: of images that show nothing any more, and must be far.
    """

    real: float
    chance: Sequence[float]
    slight: float
    destroyed: float


def ladders(found: Sequence[Ladder], levels: Levels, title: str) -> Figure:
    """A row for each ladder: the same few images from real to the last step, and the distance of each step.

    Args:
        found: one or more, those with images first, which have one shape.
        levels: what distances are read against.
        title: of the whole.
    """
    rows = [_row(ladder.images) for ladder in found if ladder.images is not None]
    blank = np.full_like(rows[0], grids.WHITE)
    picture = np.concatenate([*rows, *[blank] * (len(found) - len(rows))])
    height = PICTURES * picture.shape[0] / picture.shape[1]
    figure = style.new_figure(title, WIDTH, TOP + height + BOTTOM)
    pictures, distances = _axes(figure, height)
    pictures.imshow(picture)
    _name(pictures, found)
    _draw_levels(distances, levels)
    for ladder, middle in zip(found, _middles(len(picture), len(found)), strict=True):
        _draw_steps(distances, ladder, middle, len(picture) / len(found) * OFFSET)
    _number(distances, levels)
    distances.set(ylim=pictures.get_ylim(), yticks=[])
    return figure


def _axes(figure: Figure, height: float) -> tuple[Axes, Axes]:
    """Of pictures, and of distances to the right of them; both so many inches high."""
    # A layout that moves axes would move distances away from their pictures.
    figure.set_layout_engine("none")
    total = TOP + height + BOTTOM
    left, right = (
        figure.add_axes((start / WIDTH, BOTTOM / total, width / WIDTH, height / total))
        for start, width in ((NAMES, PICTURES), (NAMES + PICTURES + GUTTER, DISTANCES))
    )
    return left, right


def _row(images: Images) -> Images:
    """The first images of each step beside each other, with white around them."""
    gap = grids.gap_of(images)
    around = [(ROW_GAPS * gap // 2,) * 2, (STEP_GAPS * gap // 2,) * 2, (0, 0)]
    blocks = [grids.mosaic(step[np.newaxis, :NUM_SHOWN], gap) for step in images]
    return np.concatenate([np.pad(block, around, constant_values=grids.WHITE) for block in blocks], axis=1)


def _middles(length: int, count: int) -> list[float]:
    """The middle of each of so many equal parts of a picture's side, in pixels."""
    return [(part + 0.5) * length / count - 0.5 for part in range(count)]


def _name(axes: Axes, found: Sequence[Ladder]) -> None:
    """Name rows and columns, and say in words which step it is where no picture shows it."""
    height, width = axes.images[0].get_size()
    rows = _middles(height, len(found))
    columns = _middles(width, max(len(ladder.images) for ladder in found if ladder.images is not None))
    style.name_rows(axes, rows, [ladder.name for ladder in found])
    axes.xaxis.tick_top()
    names = ["real", *map(str, range(1, len(columns)))]
    axes.set_xticks(columns, names, fontsize=style.LABEL_SIZE, color=style.INK)
    middle: dict[str, Any] = {
        "ha": "center",
        "va": "center_baseline",
        "fontsize": style.TICK_SIZE,
        "color": style.INK,
    }
    for ladder, row in zip(found, rows, strict=True):
        if ladder.images is None:
            for column, strength in zip(columns[1:], ladder.strengths, strict=False):
                axes.text(column, row, strength, **middle)


def _draw_levels(axes: Axes, levels: Levels) -> None:
    """What distances are read against, on an axis of powers of ten that is straight within chance."""
    axes.set_xscale("symlog", linthresh=_straight(levels), linscale=0.5)
    axes.axvspan(*levels.chance, color=style.FAINT, alpha=0.35, linewidth=0, label="unseen real images")
    axes.axvline(levels.real, color=style.FAINT, linestyle="dotted", linewidth=2)
    axes.axvspan(levels.slight, levels.destroyed, color=JUDGED, alpha=0.08, linewidth=0)
    axes.axvline(levels.slight, color=JUDGED, linestyle="dashed", linewidth=2.5, label="slightly degraded")
    ratio = f"without structure, {levels.destroyed / levels.slight:.3g} times as far"
    axes.axvline(levels.destroyed, color=JUDGED, linewidth=2.5, label=ratio)
    axes.legend(
        fontsize=style.TICK_SIZE, labelcolor=style.INK, frameon=False, loc="lower left", bbox_to_anchor=(0, 1)
    )
    axes.spines[["top", "right", "left"]].set_visible(False)
    style.name_axes(axes, "kernel distance, with 95 % intervals", "")


def _draw_steps(axes: Axes, ladder: Ladder, middle: float, offset: float) -> None:
    """The number of each step at its distance, the first step on top."""
    heights = middle + offset * np.linspace(-1, 1, len(ladder.distances))
    axes.hlines(heights, *np.transpose(ladder.intervals), color=COLOUR, linewidth=4, alpha=0.45)
    axes.plot(ladder.distances, heights, "o-", color=COLOUR, linewidth=1.5, markersize=MARKER_SIZE)
    for step, (distance, height) in enumerate(zip(ladder.distances, heights, strict=True), start=1):
        axes.text(distance, height, str(step), ha="center", va="center_baseline", **NUMBER)


def _number(axes: Axes, levels: Levels) -> None:
    """Zero, and the powers of ten beyond the straight part of the axis."""
    straight, (_, most) = _straight(levels), axes.get_xlim()
    powers = 10.0 ** np.arange(np.ceil(np.log10(straight)), np.floor(np.log10(most)) + 1)
    axes.set_xticks([0, *powers], [f"{value:g}" for value in (0, *powers)])
    axes.xaxis.set_minor_locator(NullLocator())


def _straight(levels: Levels) -> float:
    """How far from zero an axis of powers of ten is straight: as far as chance takes real images."""
    return max(map(abs, levels.chance))
