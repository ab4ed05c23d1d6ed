"""Images as one PNG that a page can hold."""

import numpy as np
import numpy.typing as npt
from PIL import Image

from latentlab.showing import pages


def data_uri(images: npt.NDArray[np.uint8]) -> str:
    """A PNG with one image a row, as an address that holds its own content.

    In a row of its own, an image lies below its neighbour of the grid or the walk, of which the PNG then
    stores the difference: a quarter smaller than the images side by side, and no layout to agree on.

    Args:
        images: uint8 (n, height, width, channels), of one channel (grey) or three (RGB).
    """
    count, height, width, channels = images.shape
    rows = images.reshape(count, height * width, channels)
    image = Image.fromarray(rows[..., 0] if channels == 1 else rows)
    return pages.data_uri(pages.png(image), pages.PNG)
