"""A grid at a glance: a map for two keys, dots for one, and all scores where seeds alone differ."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from latentlab.scoring.metrics.directions import shortfall
from latentlab.showing.figures import style
from studies.seeds import figure as seeds_figure
from studies.sweeps import search_figure, summary
from studies.sweeps.definition import SEED

COLOURS = "viridis"
# Of red, green and blue in how light a colour is (ITU-R BT.709), and from where on dark type reads better.
LIGHTNESS = np.array([0.2126, 0.7152, 0.0722])
LIGHT = 0.45
# Of all colours, as a share of the largest value: what differs less looks alike.
LEAST_REACH = 0.2
CELL_WIDTH, CELL_HEIGHT = 2.2, 1.3
DOTS_WIDTH, DOTS_HEIGHT = 2.6, 6.5
# What titles, labels and the bar of colours take.
WIDTH, HEIGHT = 3.0, 2.8
# Titles are that long.
LEAST_WIDTH = 9.5

Content = Mapping[str, Any]
# The values of a key of params.yaml.
Axis = tuple[str, list[Any]]


def draw(content: Content) -> Figure:
    """The figure of a sweep; content: what ``summary.summarise`` gives."""
    if "trials" in content:
        return search_figure.draw(content)
    axes = [(key, values) for key, values in content["vary"].items() if key != SEED]
    if content["metric"] is None:
        return seeds_figure.draw(content["points"][0]["models"], len(content["vary"][SEED]))
    if len(axes) == 2:
        return _draw_map(content, *axes)
    return _draw_dots(content, *(axes or [(SEED, ["all"])]))


def _draw_dots(content: Content, axis: Axis) -> Figure:
    key, values = axis
    figure = _new_figure(content, "each, mean and standard deviation", len(values) * DOTS_WIDTH, DOTS_HEIGHT)
    axes = figure.add_subplot()
    seeds_figure.draw_score(axes, dict(zip(map(str, values), summary.compared(content), strict=True)))
    style.name_axes(axes, key, summary.in_words(content["metric"]))
    return figure


def _draw_map(content: Content, rows: Axis, columns: Axis) -> Figure:
    shape = len(rows[1]), len(columns[1])
    size = shape[1] * CELL_WIDTH + WIDTH, shape[0] * CELL_HEIGHT + HEIGHT
    figure = _new_figure(content, "mean and standard deviation", *size)
    axes = figure.add_subplot()
    summaries = np.array(summary.compared(content), dtype=object).reshape(shape)
    means = np.array([[cell["mean"] for cell in row] for row in summaries])
    badness = _badness(means, content["metric"])
    # The better, the lighter, whichever way the score points.
    best, reach = badness.min(), max(np.ptp(badness), LEAST_REACH * np.abs(badness).max())
    image = axes.imshow(badness, cmap=f"{COLOURS}_r", aspect="auto", vmin=best, vmax=best + reach)
    for place, cell in np.ndenumerate(summaries):
        _write(axes, place, cell, _ink_on(image.to_rgba(badness[place])))
    _frame(axes, np.unravel_index(int(badness.argmin()), shape))
    style.name_axes(axes, columns[0], rows[0])
    axes.set_xticks(range(shape[1]), labels=list(map(str, columns[1])))
    axes.set_yticks(range(shape[0]), labels=list(map(str, rows[1])))
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    said = f"{summary.in_words(content['metric'])}, the best framed"
    axes.set_title(said, fontsize=style.LABEL_SIZE, color=style.INK, pad=14)
    return figure


def _new_figure(content: Content, shown: str, width: float, height: float) -> Figure:
    num_seeds = len(content["vary"].get(SEED, [None]))
    seeds = f"\n{num_seeds} training seeds: {shown}" if num_seeds > 1 else ""
    return style.new_figure(f"{content['title']}{seeds}", max(width, LEAST_WIDTH), height)


def _badness(means: npt.NDArray[np.float64], metric: str) -> npt.NDArray[np.float64]:
    score = metric.rpartition(".")[2]
    return np.array([[shortfall(score, value) for value in row] for row in means])


def _write(axes: Axes, place: tuple[int, ...], cell: Content, ink: str) -> None:
    spread = cell["standard_deviation"]
    text = f"{cell['mean']:.3g}" + ("" if spread is None else f"\n± {spread:.2g}")
    axes.text(place[1], place[0], text, ha="center", va="center", color=ink, fontsize=style.LABEL_SIZE)


def _ink_on(colour: npt.ArrayLike) -> str:
    return style.INK if np.asarray(colour)[:3] @ LIGHTNESS > LIGHT else "white"


def _frame(axes: Axes, place: tuple[Any, ...]) -> None:
    row, column = place
    corner = (column - 0.47, row - 0.47)
    axes.add_patch(Rectangle(corner, 0.94, 0.94, fill=False, edgecolor=style.PALETTE[1], linewidth=4))
