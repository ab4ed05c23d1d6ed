"""What decoders make of the region of latent space that encodings use, and of what lies outside of it."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from latentlab.core.arrays import Floats, Images
from latentlab.showing.figures import grids, latents, style

PANEL_WIDTH = 6.6
MAP_HEIGHT = 5.6
TITLES_HEIGHT = 2.4
NUM_COLUMNS = 8
INSIDE, OUTSIDE = style.PALETTE[0], style.PALETTE[1]


class Decoded(NamedTuple):
    """Some latents and their images.

    Attributes:
        plane: where they lie on the plane, float (n, 2).
        images: what they decode to, uint8 (n, height, width, channels).
    """

    plane: Floats
    images: Images


class Region(NamedTuple):
    """A model's latent space.

    Attributes:
        name: of the model.
        latent_dim: dimensions of z, which decide what the axes are called.
        encodings: of test images on the plane, float (n, 2).
        inside: points between encodings.
        outside: points far from all of them.
    """

    name: str
    latent_dim: int
    encodings: Floats
    inside: Decoded
    outside: Decoded


def regions(models: Sequence[Region]) -> Figure:
    """A column for each model: a map of its encodings and of the points, and the images at these.

    Raises:
        ValueError: there is no image, or an array of images has another type or shape.
    """
    grid_height = grids.height_for(grids.in_rows(models[0].inside.images, NUM_COLUMNS), PANEL_WIDTH)
    heights = [MAP_HEIGHT, grid_height, grid_height]
    figure = style.new_figure(
        "Points decoded where encodings lie, and far from them",
        PANEL_WIDTH * len(models),
        TITLES_HEIGHT + sum(heights),
    )
    all_axes = figure.subplots(3, len(models), squeeze=False, height_ratios=heights)
    for (place, *pictures), model in zip(all_axes.T, models, strict=True):
        _draw_map(place, model)
        _draw_images(pictures[0], model.inside.images, "between encodings", INSIDE)
        _draw_images(pictures[1], model.outside.images, "far from all encodings", OUTSIDE)
    return figure


def _draw_map(axes: Axes, model: Region) -> None:
    axes.scatter(
        model.encodings[:, 0], model.encodings[:, 1], color=style.FAINT, s=6, alpha=0.5, linewidths=0
    )
    _mark(axes, model.inside.plane, INSIDE, "o")
    _mark(axes, model.outside.plane, OUTSIDE, "^")
    every = np.concatenate([model.encodings, model.inside.plane, model.outside.plane])
    latents.frame_points(axes, every)
    style.name_axes(axes, *latents.axis_names(model.latent_dim, unit=""))
    axes.set_title(model.name, fontsize=style.TITLE_SIZE, color=style.INK)


def _mark(axes: Axes, plane: Floats, colour: str, marker: str) -> None:
    axes.scatter(plane[:, 0], plane[:, 1], color=colour, s=70, marker=marker, edgecolors="white")


def _draw_images(axes: Axes, images: Images, title: str, colour: str) -> None:
    grids.show(axes, grids.in_rows(images, NUM_COLUMNS))
    axes.set_title(title, fontsize=style.LABEL_SIZE, color=colour)
