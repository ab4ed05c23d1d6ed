"""Grids of images, grey or in colour, of any size."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes

from latentlab.core.arrays import Images
from latentlab.showing.figures import style

WHITE = 255
MOST_INCHES = 14.0


def in_rows(images: Images, num_columns: int) -> Images:
    """Lay images out row by row; white images fill the last row.

    Args:
        images: uint8 (n, height, width, channels), n of 1 or more.
        num_columns: images in a row, 1 or more; fewer when there are fewer images.

    Returns:
        uint8 (rows, columns, height, width, channels).

    Raises:
        ValueError: there is no image, or the array has another type or shape.
    """
    check_images(images, 4)
    num_columns = min(num_columns, len(images))
    missing = -len(images) % num_columns
    blank = np.full((missing, *images.shape[1:]), WHITE, np.uint8)
    return np.concatenate([images, blank]).reshape(-1, num_columns, *images.shape[1:])


def mosaic(images: Images, gap: int) -> Images:
    """Join a grid of images into one picture, ``gap`` white pixels apart.

    Args:
        images: uint8 (rows, columns, height, width, channels), 1 channel (grey) or 3 (RGB).
        gap: pixels between neighbours, 0 or more; none runs around the outside.

    Returns:
        uint8 (rows * (height + gap) - gap, columns * (width + gap) - gap, 3).

    Raises:
        ValueError: there is no image, or the array has another type or shape.
    """
    check_images(images, 5)
    padded = np.pad(images, [(0, 0), (0, 0), (0, gap), (0, gap), (0, 0)], constant_values=WHITE)
    rows, columns, height, width, channels = padded.shape
    joined = padded.transpose(0, 2, 1, 3, 4).reshape(rows * height, columns * width, channels)
    cropped = joined[: rows * height - gap, : columns * width - gap]
    return np.repeat(cropped, 3 // channels, axis=-1)


def show(axes: Axes, images: Images, row_names: Sequence[str] = ()) -> None:
    """Draw a grid of images, uint8 (rows, columns, height, width, channels), with a name left of each row."""
    gap = gap_of(images)
    axes.imshow(mosaic(images, gap))
    height = images.shape[2]
    centres = [row * (height + gap) + (height - 1) / 2 for row in range(len(row_names))]
    style.name_rows(axes, centres, row_names)


def height_for(images: Images, width: float) -> float:
    """Inches that a grid of images takes when it is that many inches wide; at most ``MOST_INCHES``."""
    rows, columns, height, image_width, _ = images.shape
    return min(width * rows * height / (columns * image_width), MOST_INCHES)


def gap_of(images: Images) -> int:
    """Pixels between images (..., height, width, channels): a fourteenth of the width, so 2 for MNIST."""
    return max(1, images.shape[-2] // 14)


def check_images(images: npt.NDArray[Any], num_axes: int) -> None:
    """Refuse what is no non-empty uint8 array of that many axes with 1 or 3 channels last.

    Raises:
        ValueError: as said.
    """
    if (
        images.dtype != np.uint8
        or images.ndim != num_axes
        or images.size == 0
        or images.shape[-1] not in (1, 3)
    ):
        raise ValueError(
            f"expected at least one uint8 image in {num_axes} axes, the last of 1 or 3 channels; "
            f"got {images.dtype} {images.shape}"
        )
