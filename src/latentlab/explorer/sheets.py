"""Images as one PNG that a page can hold."""

import base64
import io

import numpy as np
import numpy.typing as npt
from PIL import Image


def data_uri(images: npt.NDArray[np.uint8]) -> str:
    """A PNG with one image a row, as an address that holds its own content.

    In a row of its own, an image lies below its neighbour of the grid or the walk, of which the PNG then
    stores the difference: a quarter smaller than the images side by side, and no layout to agree on.

    Args:
        images: uint8 (n, height, width, channels), of one channel (grey) or three (RGB).
    """
    count, height, width, channels = images.shape
    rows = images.reshape(count, height * width, channels)
    buffer = io.BytesIO()
    Image.fromarray(rows[..., 0] if channels == 1 else rows).save(buffer, format="PNG", optimize=True)
    return f"data:image/png;base64,{base64.b64encode(buffer.getvalue()).decode()}"
