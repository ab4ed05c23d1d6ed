"""How many images the page holds, so that it stays small whatever the images' size."""

import numpy as np

# Decoded images along each side of a plane: fine enough that what lies between them can be blended.
GRID_SIDE = 61
# Values of all images of one kind at most: the full grid of 28 x 28 grey images.
MOST_VALUES = GRID_SIDE**2 * 28 * 28


def num_images(image_shape: tuple[int, ...]) -> int:
    """Images (height, width, channels) of one kind at most: 4 or more."""
    return max(int(MOST_VALUES // np.prod(image_shape)), 4)
