"""Test images above what models make of them."""

from collections.abc import Mapping

import numpy as np
from matplotlib.figure import Figure

from latentlab.core.arrays import Images
from latentlab.showing.figures import grids, style

NUM_COLUMNS = 10
WIDTH = 13.0
ROW_HEIGHT = 1.3


def reconstructions(originals: Images, decoded: Mapping[str, Images], title: str) -> Figure:
    """Rows ten images wide: test images, and below them their reconstructions by each model.

    Args:
        originals: uint8 (n, height, width, channels), n of 1 or more.
        decoded: the same of what each model made of them, by its name.
        title: what is shown.

    Raises:
        ValueError: an array has another type or shape.
    """
    rows = {"test image": originals, **decoded}
    blocks = np.stack([grids.in_rows(images, NUM_COLUMNS) for images in rows.values()], axis=1)
    figure = style.new_figure(title, WIDTH, 0.6 + ROW_HEIGHT * blocks.shape[0] * blocks.shape[1])
    all_axes = figure.subplots(len(blocks), squeeze=False)[:, 0]
    for axes, block in zip(all_axes, blocks, strict=True):
        grids.show(axes, block, list(rows))
    return figure
