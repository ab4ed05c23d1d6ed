"""Pictures as addresses that hold them: what a page shows without a second file."""

import io
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from PIL import Image

from latentlab.showing.pages import PNG, data_uri, png

TYPES = {".png": PNG, ".gif": "image/gif", ".webp": "image/webp"}
# A palette of a PNG holds no more.
MOST_COLOURS = 256
# What red, green and blue count in a colour's number.
BITS = np.array([1 << 16, 1 << 8, 1], np.uint32)


class Picture(NamedTuple):
    """A picture in a page.

    Attributes:
        source: a ``data:`` address.
        width, height: pixels.
        moves: whether it is an animation.
    """

    source: str
    width: int
    height: int
    moves: bool = False


def of_file(content: bytes, suffix: str) -> Picture:
    """A saved picture, every pixel as it was; a PNG in fewer bytes where its colours are few.

    Raises:
        ValueError: pictures of this suffix are not known.
    """
    if suffix not in TYPES:
        raise ValueError(f"a figure's suffix: expected one of {', '.join(TYPES)}, got {suffix}")
    image = Image.open(io.BytesIO(content))
    if suffix == ".png":
        content = min(content, png(_with_palette(image)), key=len)
    return Picture(data_uri(content, TYPES[suffix]), *image.size, getattr(image, "is_animated", False))


def of_grid(images: npt.NDArray[np.uint8], num_columns: int, gap: int = 2) -> Picture:
    """Images in rows on a clear ground, each at its own size.

    Args:
        images: uint8 (n, height, width, channels), 0 to 255, 1 channel or 3.
        num_columns: images a row.
        gap: clear pixels between images.
    """
    count, height, width, channels = images.shape
    num_rows = -(-count // num_columns)
    size = (num_rows * (height + gap) - gap, num_columns * (width + gap) - gap)
    page = np.zeros((*size, channels + 1), np.uint8)
    for index, image in enumerate(images):
        top, left = (height + gap) * (index // num_columns), (width + gap) * (index % num_columns)
        page[top : top + height, left : left + width, :channels] = image
        page[top : top + height, left : left + width, channels] = 255
    image = Image.fromarray(page)
    return Picture(data_uri(png(image), PNG), *image.size)


def _with_palette(image: Image.Image) -> Image.Image:
    """The same pixels with a palette, where 256 colours and no transparency are all that there is."""
    pixels = np.asarray(image.convert("RGBA"))
    if pixels[..., 3].min() < 255:
        return image
    colours, indices = np.unique(pixels[..., :3].astype(np.uint32) @ BITS, return_inverse=True)
    if len(colours) > MOST_COLOURS:
        return image
    indexed = Image.fromarray(indices.reshape(pixels.shape[:2]).astype(np.uint8))
    indexed.putpalette((colours[:, None] // BITS % 256).astype(np.uint8).tobytes())
    return indexed
