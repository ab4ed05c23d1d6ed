"""Every seed's scores, their mean and their spread."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from latentlab.showing.figures import style

# So wide that the names of all models stand side by side.
COLUMNS = 3
PANEL_WIDTH, PANEL_HEIGHT = 6.2, 3.8
# Around the model's place on the axis, so that equal values do not hide each other.
SPREAD = 0.12


def draw(models: Mapping[str, Mapping[str, Mapping[str, Any]]], num_seeds: int) -> Figure:
    """A panel for each score: a dot for each seed, the mean, and one standard deviation to either side.

    Args:
        models: what `seeds.statistics.summarise` gives.
        num_seeds: how many there are.
    """
    names = list(dict.fromkeys(name for scores in models.values() for name in scores))
    rows = -(-len(names) // COLUMNS)
    figure = style.new_figure(
        f"{num_seeds} training seeds: each, their mean and standard deviation",
        COLUMNS * PANEL_WIDTH,
        rows * PANEL_HEIGHT + 1,
    )
    for number, name in enumerate(names, 1):
        axes = figure.add_subplot(rows, COLUMNS, number)
        named = {model.replace("_", "\n"): scores[name] for model, scores in models.items() if name in scores}
        draw_score(axes, named)
        axes.set_title(name.replace("_", " "), fontsize=style.TICK_SIZE, color=style.INK)
    return figure


def draw_score(axes: Axes, summaries: Mapping[str, Mapping[str, Any]]) -> None:
    """One score of several models or settings, by name: each seed, and where there are more, the spread."""
    for place, summary in enumerate(summaries.values()):
        values = list(summary["values"].values())
        reach = SPREAD if len(values) > 1 else 0
        places = place + np.linspace(-reach, reach, len(values))
        axes.plot(places, values, "o", color=style.PALETTE[0], markersize=7, alpha=0.7)
        if summary["standard_deviation"] is not None:
            _draw_spread(axes, place + 2.5 * SPREAD, summary)
    style.name_axes(axes, "", "")
    axes.set_xlim(-0.5, len(summaries) - 0.2)
    axes.set_xticks(range(len(summaries)), labels=list(summaries), fontsize=style.TICK_SIZE)
    axes.spines[["top", "right"]].set_visible(False)


def _draw_spread(axes: Axes, place: float, summary: Mapping[str, Any]) -> None:
    axes.errorbar(
        place,
        summary["mean"],
        yerr=summary["standard_deviation"],
        fmt="_",
        color=style.PALETTE[1],
        markersize=18,
        markeredgewidth=3,
        capsize=6,
        linewidth=2,
    )
