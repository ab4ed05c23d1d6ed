"""Curves by epoch as lines to be drawn in a page, with all that a reader can ask of them."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from matplotlib.ticker import MaxNLocator

from latentlab.showing.figures.curves import History, Panel
from latentlab.showing.report.wording import number

# Of the drawing: all of it, and the edges of its plane.
WIDTH, HEIGHT = 360, 220
LEFT, RIGHT, TOP, BOTTOM = 48, 350, 10, 190
MOST_TICKS = 5
# What ticks go up by, times a power of ten.
ROUND = (1, 2, 5, 10)


class Tick(NamedTuple):
    """A mark on an axis: where it stands in the drawing, and what is written there."""

    at: float
    text: str


class Line(NamedTuple):
    """One line: its name, its corners as SVG takes them, and the value at each as text."""

    name: str
    points: str
    values: list[str]


class Chart(NamedTuple):
    """A pair of axes with lines.

    Attributes:
        title, y_label: in words, the unit in the label.
        epochs: one for each corner of each line, rising.
        lines: at least one.
        x_ticks, y_ticks: marks within the plane.
        chance: where a guess would be, in the drawing; None where there is no such value.
    """

    title: str
    y_label: str
    epochs: list[int]
    lines: list[Line]
    x_ticks: list[Tick]
    y_ticks: list[Tick]
    chance: float | None

    def at(self, index: int) -> str:
        """What the lines are at, in words, after one of the epochs."""
        said = ", ".join(f"{line.name} {line.values[index]}" for line in self.lines)
        return f"epoch {self.epochs[index]}: {said}"


class Axis(NamedTuple):
    """An axis of the drawing: a straight map from values to places."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        share = (value - self.low) / (self.high - self.low)
        return round(self.start + share * (self.end - self.start), 2)

    def ticks(self, *, whole: bool = False) -> list[Tick]:
        """Round values on it."""
        values = MaxNLocator(MOST_TICKS, steps=ROUND, integer=whole).tick_values(self.low, self.high)
        inside = [round(float(value), 10) for value in values if self.low <= value <= self.high]
        return [Tick(self(value), number(value)) for value in inside]


def charts(panels: Sequence[Panel], history: History) -> list[Chart]:
    """The panels drawn from a history: one record an epoch, with ``epoch`` and the keys that they name.

    A history without an epoch has none to draw.
    """
    return [_chart(panel, history) for panel in panels if history]


def _chart(panel: Panel, history: History) -> Chart:
    epochs = [int(record["epoch"]) for record in history]
    values = {name: [record[key] for record in history] for key, name in panel.lines.items()}
    x_axis = Axis(epochs[0] - 0.5, epochs[-1] + 0.5, LEFT, RIGHT)
    y_axis = Axis(*_range(panel, values), BOTTOM, TOP)
    lines = [
        Line(
            name,
            " ".join(f"{x_axis(epoch)},{y_axis(value)}" for epoch, value in zip(epochs, own, strict=True)),
            [number(float(value)) for value in own],
        )
        for name, own in values.items()
    ]
    chance = None if panel.chance is None else y_axis(panel.chance)
    x_ticks = x_axis.ticks(whole=True)
    return Chart(panel.title, panel.y_label, epochs, lines, x_ticks, y_axis.ticks(), chance)


def _range(panel: Panel, values: Mapping[str, Sequence[float]]) -> tuple[float, float]:
    """From the least to the greatest value with a little air, or all of [0, 1] where values are shares."""
    if panel.chance is not None:
        return -0.02, 1.02
    low = min(min(own) for own in values.values())
    high = max(max(own) for own in values.values())
    air = 0.05 * (high - low) or 0.5
    return low - air, high + air
