"""Reads one image file of a user's, and believes nothing that it says of itself."""

import stat
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from PIL import Image, PngImagePlugin, UnidentifiedImageError

from latentlab.data import geometry

FORMATS = ("PNG", "JPEG", "WEBP", "BMP", "TIFF")
SUFFIXES = (".png", ".jpg", ".jpeg", ".webp", ".bmp", ".tif", ".tiff")
# More than a good camera writes.
MAX_FILE_BYTES = 2**27
# 67 megapixels. A small file can claim any number of them.
MAX_PIXELS = 2**26

# The limit above is stricter than Pillow's, which would only warn.
Image.MAX_IMAGE_PIXELS = None
# Of a text or a colour profile, unpacked, and of all in a file. Pillow's 1 MB is less than image tools write.
PngImagePlugin.MAX_TEXT_CHUNK = 2**26
PngImagePlugin.MAX_TEXT_MEMORY = MAX_FILE_BYTES


class BadImageError(Exception):
    """A file that is no image or not a whole one; its text completes "FILE ..."."""


class Picture(NamedTuple):
    """What a file shows.

    Attributes:
        pixels: uint8 (height, width, 1 or 3).
        grey: whether the file itself is grey.
    """

    pixels: npt.NDArray[np.uint8]
    grey: bool


def read(path: Path, size: int | None, channels: int) -> Picture:
    """The first image in a file, upright; see ``geometry`` for what becomes of it.

    Args:
        path: the file.
        size: pixels of each side; None leaves it as it is.
        channels: 1 or 3.

    Raises:
        BadImageError: the file is of another kind, too large, damaged, or cannot be read.
    """
    try:
        _check_file(path)
        with path.open("rb") as file, Image.open(file, formats=FORMATS) as image:
            if image.width * image.height > MAX_PIXELS:
                raise BadImageError(
                    f"has {image.width} x {image.height} pixels, more than {MAX_PIXELS} in all"
                )
            grey, picture = geometry.is_grey(image), geometry.upright(image)
            if size is not None:
                picture = geometry.fit(picture, size)
            return Picture(geometry.as_array(picture.convert("L" if channels == 1 else "RGB")), grey)
    except BadImageError:
        raise
    except UnidentifiedImageError as error:
        # Pillow's own text names an address in memory.
        raise BadImageError("is no image that can be read: PNG, JPEG, WebP, BMP or TIFF") from error
    except Exception as error:  # A damaged image fails in as many ways as it has parts.
        reason = error.strerror if isinstance(error, OSError) and error.strerror else error
        raise BadImageError(f"cannot be read: {reason or type(error).__name__}") from error


def _check_file(path: Path) -> None:
    if path.suffix.lower() not in SUFFIXES:
        raise BadImageError(f"is no image by its name, which would end in {', '.join(SUFFIXES)}")
    found = path.stat()
    if not stat.S_ISREG(found.st_mode):  # To open a pipe would be to wait for its other end.
        raise BadImageError("is no regular file")
    if found.st_size > MAX_FILE_BYTES:
        raise BadImageError(f"has {found.st_size} bytes, more than {MAX_FILE_BYTES}")
