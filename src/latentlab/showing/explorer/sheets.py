"""Images as one PNG that a page can hold."""

import numpy as np
import numpy.typing as npt
from PIL import Image

from latentlab.showing import pages

# Of a canvas on which every browser draws, in pixels: Firefox's. A wider one stays empty, and says nothing.
MOST_WIDE = 32_767


def data_uri(images: npt.NDArray[np.uint8]) -> str:
    """A PNG of all pixels in order, as an address that holds its own content.

    With one image a row, an image lies below its neighbour of the grid or the walk, of which the PNG then
    stores the difference: a quarter smaller than the images side by side, and no layout to agree on. Images
    too large for a row take several rows each.

    Args:
        images: uint8 (n, height, width, channels), of one channel (grey) or three (RGB).
    """
    count, height, width, channels = images.shape
    parts = next(parts for parts in range(1, height + 1) if _is_whole_row(height, width, parts))
    rows = images.reshape(count * parts, -1, channels)
    image = Image.fromarray(rows[..., 0] if channels == 1 else rows)
    return pages.data_uri(pages.png(image), pages.PNG)


def _is_whole_row(height: int, width: int, parts: int) -> bool:
    """Whether an image falls into so many equal rows that a canvas can hold."""
    return height % parts == 0 and height // parts * width <= MOST_WIDE
