"""The one look that all figures share: large type for a lecture hall, colours that every eye tells apart."""

from collections.abc import Sequence

import matplotlib
import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine

DOTS_PER_INCH = 120
TITLE_SIZE = 20
LABEL_SIZE = 17
TICK_SIZE = 15
INK = "#222222"
FAINT = "#9a9a9a"
# Inches around the figure and every part of it.
MARGIN = 0.12

# Found by a search that kept every pair apart to normal sight and under simulated protanopia, deuteranopia
# and tritanopia, with no colour so light that it fades on white. The first two also tell lines apart.
PALETTE = (
    "#0d6bf9",
    "#a45800",
    "#26d5c6",
    "#7a00a0",
    "#97c965",
    "#f25e82",
    "#d2c414",
    "#69588a",
    "#125c38",
    "#ec89ff",
)


def class_colours(num_classes: int) -> npt.NDArray[np.float64]:
    """One colour for each class, RGB in [0, 1], float64 (num_classes, 3).

    Up to ten classes take the palette. No larger set can be told apart by every eye, so more classes
    run along viridis, where at least neighbours in number are neighbours in colour and lightness rises.

    Raises:
        ValueError: fewer than one class is asked for.
    """
    if num_classes < 1:
        raise ValueError(f"num_classes: expected 1 or more, got {num_classes}")
    if num_classes <= len(PALETTE):
        return np.array([to_rgb(colour) for colour in PALETTE[:num_classes]])
    return matplotlib.colormaps["viridis"](np.linspace(0, 0.95, num_classes))[:, :3]


def new_figure(title: str, width: float, height: float) -> Figure:
    """An empty titled figure on white; ``width`` and ``height`` in inches."""
    layout = ConstrainedLayoutEngine(w_pad=MARGIN, h_pad=MARGIN)
    figure = Figure(figsize=(width, height), dpi=DOTS_PER_INCH, layout=layout, facecolor="white")
    figure.suptitle(title, fontsize=TITLE_SIZE, color=INK)
    return figure


def name_axes(axes: Axes, x_label: str, y_label: str) -> None:
    """Name both axes, with units in the names, and set the size of their type."""
    axes.set_xlabel(x_label, fontsize=LABEL_SIZE, color=INK)
    axes.set_ylabel(y_label, fontsize=LABEL_SIZE, color=INK)
    axes.tick_params(labelsize=TICK_SIZE, labelcolor=INK, color=FAINT)
    axes.spines[:].set_color(FAINT)
    for axis in (axes.xaxis, axes.yaxis):
        axis.get_offset_text().set_fontsize(TICK_SIZE)


def name_rows(axes: Axes, positions: Sequence[float], names: Sequence[str]) -> None:
    """Write names left of the rows of a picture and draw no other axis."""
    axes.set_xticks([])
    axes.set_yticks(list(positions), labels=list(names), fontsize=LABEL_SIZE, color=INK)
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
