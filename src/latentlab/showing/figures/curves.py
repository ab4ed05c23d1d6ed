"""Losses and accuracies by epoch."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from latentlab.showing.figures import style

History = Sequence[Mapping[str, float]]

PANEL_WIDTH = 5.2
HEIGHT = 5.6
# So few epochs that a line alone might be a dot too small to see.
FEW_EPOCHS = 20
LINE_STYLES = ("solid", "dashed")


@dataclass(frozen=True)
class Panel:
    """One pair of axes: what is drawn, and the name of each line in the legend by its key in the history."""

    title: str
    y_label: str
    lines: Mapping[str, str]
    chance: float | None = None


def curves(title: str, panels: Sequence[Panel], history: History) -> Figure:
    """The panels side by side.

    Args:
        title: whose training it is.
        panels: what to draw.
        history: one record an epoch with ``epoch`` (from 1) and the keys that the panels name.

    Raises:
        ValueError: there is no epoch.
    """
    if not history:
        raise ValueError("expected a history of one epoch or more, got an empty one")
    figure = style.new_figure(title, PANEL_WIDTH * len(panels), HEIGHT)
    for axes, panel in zip(figure.subplots(1, len(panels), squeeze=False)[0], panels, strict=True):
        _draw(axes, panel, history)
    return figure


def _draw(axes: Axes, panel: Panel, history: History) -> None:
    epochs = [record["epoch"] for record in history]
    marker = "o" if len(history) <= FEW_EPOCHS else ""
    for (key, name), colour, dashes in zip(panel.lines.items(), style.PALETTE, LINE_STYLES, strict=False):
        values = [record[key] for record in history]
        axes.plot(epochs, values, color=colour, linestyle=dashes, linewidth=2.5, marker=marker, label=name)
    if panel.chance is not None:
        axes.axhline(panel.chance, color=style.FAINT, linestyle="dotted", linewidth=2, label="chance")
        axes.set_ylim(-0.02, 1.02)
    axes.set_title(panel.title, fontsize=style.LABEL_SIZE, color=style.INK)
    # Half an epoch on either side, so that a single epoch stands on an axis too.
    axes.set_xlim(epochs[0] - 0.5, epochs[-1] + 0.5)
    axes.xaxis.set_major_locator(MaxNLocator(6, steps=[1, 2, 5, 10], integer=True, min_n_ticks=1))
    axes.spines[["top", "right"]].set_visible(False)
    # Few discriminators are worse than chance, so the space below it is free.
    place = "best" if panel.chance is None else "lower left"
    axes.legend(fontsize=style.TICK_SIZE, frameon=False, loc=place)
    style.name_axes(axes, "epoch", panel.y_label)
