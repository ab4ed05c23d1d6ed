"""How a latent space forms: its manifold and where images lie on it, epoch by epoch."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from latentlab.core.arrays import Floats, Images
from latentlab.showing import framing
from latentlab.showing.figures import grids, latents, samples, style

NUM_EPOCHS_SHOWN = 5
PANEL = 3.6
HEIGHT = 8.0


def formation(
    manifolds: Images, planes: Floats, labels: npt.NDArray[np.uint8], epochs: Sequence[int], title: str
) -> Figure:
    """The manifold above, the scatter below, of up to five epochs from left to right.

    All axes are in standard deviations of the prior.

    Args:
        manifolds: uint8 (num_epochs, side, side, height, width, channels), the first row lowest.
        planes: float (num_epochs, n, 2), in standard deviations of the prior.
        labels: uint8 (n,), classes counted from 0.
        epochs: after which each was drawn, rising.
        title: whose latent space it is.
    """
    shown = samples.evenly_spaced(len(epochs), NUM_EPOCHS_SHOWN)
    half = framing.around_zero(planes[shown], latents.REACH)
    figure = style.new_figure(title, max(PANEL * len(shown), 2 * PANEL), HEIGHT)
    rows = figure.subplots(2, len(shown), squeeze=False)
    for column, index in enumerate(shown):
        grids.show(rows[0][column], manifolds[index][::-1])
        rows[0][column].set_title(f"epoch {epochs[index]}", fontsize=style.LABEL_SIZE, color=style.INK)
        _scatter(rows[1][column], planes[index], labels, half)
    rows[0][0].set_ylabel("decoded, ±2.5", fontsize=style.LABEL_SIZE, color=style.INK)
    rows[1][0].set_ylabel("validation images", fontsize=style.LABEL_SIZE, color=style.INK)
    return figure


def _scatter(axes: Axes, plane: Floats, labels: npt.NDArray[np.uint8], half: float) -> None:
    colours = style.class_colours(int(labels.max()) + 1)
    axes.scatter(plane[:, 0], plane[:, 1], c=colours[labels], s=14, linewidths=0)
    axes.set(xlim=(-half, half), ylim=(-half, half), box_aspect=1)
    axes.tick_params(labelsize=style.TICK_SIZE, labelcolor=style.INK, color=style.FAINT)
    axes.spines[:].set_color(style.FAINT)
