"""Test images above what the VAE makes of them."""

import numpy as np
from matplotlib.figure import Figure

from latentlab.figures import grids, style
from latentlab.figures.grids import Images

NUM_COLUMNS = 10
WIDTH = 13.0
PAIR_HEIGHT = 2.6


def reconstructions(images: Images) -> Figure:
    """Pairs of rows, ten images wide: the test images above, their reconstructions below.

    Args:
        images: uint8 (2, n, height, width, channels), [0] the test images, [1] their reconstructions.

    Raises:
        ValueError: the array has another type or shape.
    """
    grids.check_images(images, 5)
    originals, decoded = (grids.in_rows(row, NUM_COLUMNS) for row in images)
    figure = style.new_figure(
        "VAE: test images and their reconstructions", WIDTH, 0.6 + PAIR_HEIGHT * len(originals)
    )
    all_axes = figure.subplots(len(originals), squeeze=False)[:, 0]
    for axes, pair in zip(all_axes, np.stack([originals, decoded], axis=1), strict=True):
        grids.show(axes, pair, ["test image", "VAE"])
    return figure
