"""Samples of latent spaces by the way in which latents are drawn, and how far each is from real images."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from matplotlib.figure import Figure

from latentlab.core.arrays import Images
from latentlab.showing.figures import grids, style

NUM_COLUMNS = 10
PANEL_WIDTH = 7.0
NAMES_WIDTH = 1.4
TITLES_HEIGHT = 1.4
BARS_WIDTH = 10.5
BAR_HEIGHT = 0.5
TITLE_AND_AXIS_HEIGHT = 1.8
# Right of the longest bar, as a share of it, for the number at its end.
ROOM = 0.15


def samples(models: Mapping[str, Mapping[str, Images]]) -> Figure:
    """A panel for each model with ten images a row, and a row for each way to draw latents.

    Args:
        models: by name, what each makes by each way, uint8 (n, height, width, channels), n of 1 or more; the
            same ways and the same n for all.

    Raises:
        ValueError: models differ in their ways, or an array has another type or shape.
    """
    ways, *others = ([*made] for made in models.values())
    if any(other != ways for other in others):
        raise ValueError(f"expected the same ways for all models, got {ways} and {others}")
    panels = [np.stack([images[:NUM_COLUMNS] for images in made.values()]) for made in models.values()]
    height = TITLES_HEIGHT + grids.height_for(panels[0], PANEL_WIDTH)
    figure = style.new_figure(
        "Samples by the way in which latents are drawn", NAMES_WIDTH + PANEL_WIDTH * len(panels), height
    )
    all_axes = figure.subplots(1, len(panels), squeeze=False)[0]
    for axes, name, panel in zip(all_axes, models, panels, strict=True):
        grids.show(axes, panel, ways if axes is all_axes[0] else ())
        axes.set_title(name, fontsize=style.LABEL_SIZE, color=style.INK)
    return figure


class Bar(NamedTuple):
    """The score of a model under one way to draw latents: their names, and the model's colour."""

    name: str
    score: float
    colour: str


def scores(real: float, bars: Sequence[Bar], label: str) -> Figure:
    """A bar for real images, and one for each model and way, from top to bottom.

    Args:
        real: the score of real images.
        bars: of each model and way.
        label: what the score is called, with the direction that is better.
    """
    names, values, colours = zip(Bar("real images", real, style.FAINT), *bars, strict=True)
    height = TITLE_AND_AXIS_HEIGHT + BAR_HEIGHT * len(names)
    figure = style.new_figure("Distance from real images", BARS_WIDTH, height)
    axes = figure.add_subplot()
    axes.barh(names, values, color=colours)
    # On the right of bars to the left of zero too, where the names would be in the way.
    for row, value in enumerate(values):
        axes.text(
            max(value, 0), row, f"  {value:.3g}", va="center", fontsize=style.TICK_SIZE, color=style.INK
        )
    axes.axvline(real, color=style.FAINT, linestyle="dotted", linewidth=2)
    axes.invert_yaxis()
    axes.margins(x=ROOM)
    axes.spines[["top", "right"]].set_visible(False)
    style.name_axes(axes, label, "")
    return figure
