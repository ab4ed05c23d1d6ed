"""A search at a glance: the score over its trials and over each setting, and what its best is worth."""

import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from latentlab.showing.figures import style
from studies.seeds.statistics import ENOUGH_SEEDS
from studies.sweeps import summary
from studies.sweeps.definition import SEED, Cell

COLUMNS = 3
PANEL_WIDTH, PANEL_HEIGHT = 5.2, 4.2
# What the title takes, and how long its lines may be.
TITLE_HEIGHT = 2.2
TITLE_LETTERS = 95
# The first is often the one by which the best was chosen.
NUM_SEEDS = 1 + ENOUGH_SEEDS

Content = Mapping[str, Any]


def draw(content: Content) -> Figure:
    """The figure of a search; content: what ``summary.summarise`` gives of one."""
    keys = [key for key in content["vary"] if key != SEED]
    rows = -(-(len(keys) + 1) // COLUMNS)
    best = textwrap.fill(_told_best(content), TITLE_LETTERS)
    title = (
        f"{content['title']}\n{best}\nChosen for its score: {NUM_SEEDS} training seeds say what it is worth"
    )
    figure = style.new_figure(title, COLUMNS * PANEL_WIDTH, rows * PANEL_HEIGHT + TITLE_HEIGHT)
    trials = figure.add_subplot(rows, COLUMNS, 1)
    _draw_trials(trials, content)
    for number, key in enumerate(keys, 2):
        _draw_setting(figure.add_subplot(rows, COLUMNS, number, sharey=trials), content, key)
    return figure


def advice(content: Content) -> str:
    """The best of a search in words, and what it would take to trust it."""
    changes = " ".join(Cell(content["points"][summary.best(content)]["set"], seed=0).settings)
    return (
        f"{_told_best(content)}.\nOf many trials some are lucky, and this was chosen for its score. "
        f'`make seeds N={NUM_SEEDS} SET="{changes}"` says what it gives with other seeds, and '
        "`make compare` whether that beats params.yaml."
    )


def _told_best(content: Content) -> str:
    place = summary.best(content)
    found = summary.compared(content)[place]
    values = ", ".join(f"{key} {_short(value)}" for key, value in content["points"][place]["set"].items())
    seeds = f"{found['n']} training seed{'s' * (found['n'] > 1)}"
    return f"Best of {_count(content)} on {seeds}: {content['metric']} {found['mean']:.3g} by {values}"


def _count(content: Content) -> int:
    return len(content["points"])


def _draw_trials(axes: Axes, content: Content) -> None:
    places = range(1, _count(content) + 1)
    scores = _means(content)
    _draw_dots(axes, content, places)
    best = [scores[summary.best({**content, "points": content["points"][:place]})] for place in places]
    axes.step(places, best, where="post", color=style.PALETTE[1], linewidth=2)
    style.name_axes(axes, "trial", summary.in_words(content["metric"]))


def _draw_setting(axes: Axes, content: Content, key: str) -> None:
    axis, values = content["vary"][key], [point["set"][key] for point in content["points"]]
    if isinstance(axis, Mapping):
        _draw_dots(axes, content, values)
        axes.set_xscale("log" if axis["log"] else "linear")
    else:
        _draw_dots(axes, content, [axis.index(value) for value in values])
        axes.set_xticks(range(len(axis)), labels=list(map(str, axis)))
    style.name_axes(axes, key, "")


def _draw_dots(axes: Axes, content: Content, places: Sequence[float]) -> None:
    """Each trial, and the best of them again, larger."""
    scores, best = _means(content), summary.best(content)
    axes.plot(places, scores, "o", color=style.PALETTE[0], markersize=7, alpha=0.7)
    axes.plot([places[best]], [scores[best]], "o", color=style.PALETTE[1], markersize=13, fillstyle="none")
    axes.spines[["top", "right"]].set_visible(False)


def _means(content: Content) -> list[float]:
    return [float(found["mean"]) for found in summary.compared(content)]


def _short(value: Any) -> str:
    return f"{value:.3g}" if isinstance(value, float) else str(value)
