"""Distance over minutes of training, of presets that are held to the same images by the same classifier."""

from typing import Any

from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator, NullLocator

from latentlab.core import artifacts
from latentlab.showing.figures import style
from scripts.fill_pages import result_file

# What is drawn of which result.
SHOWN = {"lecture": "the lecture's settings", "mnist": "the preset mnist"}
SIZE = (9.0, 5.6)
# What a logarithmic axis names of each power of ten, in words that anybody reads: 20 and not 2 x 10^1.
STEPS = (1, 2, 5)


def curve(found: dict[str, Any]) -> tuple[list[float], list[float]]:
    """Of the model that has snapshots: minutes until each, and its distance from validation images."""
    model, snapshots = next(
        (name, scores["snapshots"]) for name, scores in found["metrics"].items() if "snapshots" in scores
    )
    epoch_minutes = found["seconds"][f"train_{model}"] / 60 / snapshots[-1]["epoch"]
    return [epoch_minutes * each["epoch"] for each in snapshots], [each["distance"] for each in snapshots]


def draw() -> Figure:
    """A line for each result that is there, at least one."""
    figure = style.new_figure("Kernel distance over minutes of training", *SIZE)
    axes = figure.subplots()
    for (name, label), colour in zip(SHOWN.items(), style.PALETTE, strict=False):
        if (file := result_file(name)).exists():
            minutes, distances = curve(artifacts.load_json(file))
            axes.plot(minutes, distances, color=colour, linewidth=2.5, marker="o", label=label)
    axes.set_xscale("log")
    axes.set_yscale("log")
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_locator(LogLocator(subs=STEPS))
        axis.set_major_formatter("{x:g}")
        axis.set_minor_locator(NullLocator())
    style.name_axes(axes, "minutes", "distance (lower is better)")
    axes.legend(fontsize=style.TICK_SIZE, frameon=False)
    return figure
