"""Grids of images that a model made."""

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure

from latentlab.core.arrays import Images
from latentlab.showing.figures import grids, style

NUM_SHOWN = 100
NUM_COLUMNS = 10
NUM_EPOCHS_SHOWN = 10
WIDTH = 10.0
TITLE_HEIGHT = 0.8
NAMES_WIDTH = 1.3


def samples(images: Images, title: str) -> Figure:
    """The first hundred of some images, ten in a row.

    Args:
        images: uint8 (n, height, width, channels), n of 1 or more.
        title: what they are.
    """
    grid = grids.in_rows(images[:NUM_SHOWN], NUM_COLUMNS)
    return _grid_figure(grid, title)


def progress(images: Images, epochs: Sequence[int], title: str) -> Figure:
    """What the same ten latents became while the generator learned: one row an epoch, time running down.

    Of more than ten epochs, ten are shown, evenly spaced with the first and the last among them.

    Args:
        images: uint8 (num_epochs, n, height, width, channels); [:, i] are made from one latent.
        epochs: after which epoch each row was made, rising.
        title: who made them.

    Raises:
        ValueError: the numbers of rows and epochs differ.
    """
    if len(images) != len(epochs):
        raise ValueError(f"expected one row of images for each of {len(epochs)} epochs, got {len(images)}")
    shown = evenly_spaced(len(epochs), NUM_EPOCHS_SHOWN)
    names = [f"epoch {epochs[index]}" for index in shown]
    return _grid_figure(images[shown, :NUM_COLUMNS], title, names)


def evenly_spaced(count: int, limit: int) -> list[int]:
    """Up to ``limit`` of the first ``count`` indices, the first and the last among them."""
    return [int(index) for index in np.linspace(0, count - 1, min(count, limit)).round()]


def _grid_figure(grid: Images, title: str, row_names: Sequence[str] = ()) -> Figure:
    picture_width = WIDTH - (NAMES_WIDTH if row_names else 0)
    figure = style.new_figure(title, WIDTH, grids.height_for(grid, picture_width) + TITLE_HEIGHT)
    grids.show(figure.add_subplot(), grid, row_names)
    return figure
