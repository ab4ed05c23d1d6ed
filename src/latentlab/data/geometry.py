"""How images of any size and kind become images of one: orientation, transparency, depth, crop, resizing."""

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
from PIL import Image, ImageOps

from latentlab.core import mapped
from latentlab.core.arrays import Images
from latentlab.core.errors import DataError

# Pixels of a side, between which the models make sense.
MIN_SIDE, MAX_SIDE = 8, 256
# What is behind transparent pixels, as on paper.
BACKGROUND = "white"
WHITE_OF_16_BITS = 2**16 - 1
# What Pillow multiplies pixels of fewer or more bits by when it reads a PNG; not so the transparent value.
SCALES = {"L;2": 85, "L;4": 17, "RGB;16B": 1 / 256}
GREY_MODES = frozenset({"1", "L", "LA", "La", "I;16", "I;16L", "I;16B", "I;16N"})


def is_grey(image: Image.Image) -> bool:
    """Whether the file has one channel besides transparency; a palette counts as colour."""
    return image.mode in GREY_MODES


def upright(image: Image.Image) -> Image.Image:
    """The image as it is meant to be seen, 8 bits a channel, RGB, or grey in mode L.

    EXIF's orientation is applied, 16 bits are scaled down, transparency lies on white. Embedded colour
    profiles are ignored.

    Raises:
        ValueError: pixels of 32 bits, whose range no file states, or a mode that has no way to RGB.
    """
    grey = is_grey(image)
    transparent = _transparent_value(image)
    image = ImageOps.exif_transpose(image)
    if image.mode in ("I", "F"):
        raise ValueError("pixels of 32 bits, whose range is not known; save it with 8 or 16 bits")
    if image.mode.startswith("I;16"):
        # Pillow's own conversion cuts off at 255.
        values = np.asarray(image).astype(np.uint32)
        if transparent is not None:
            values[values == transparent] = WHITE_OF_16_BITS
        return Image.fromarray(((values + 128) // 257).astype(np.uint8))
    if transparent is not None:
        image.info["transparency"] = transparent
    if image.has_transparency_data:
        image = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", image.size, BACKGROUND), image)
    return image.convert("L" if grey else "RGB")


def fit(image: Image.Image, size: int) -> Image.Image:
    """The largest square in the middle, resized to ``size`` pixels a side.

    The filter is the bicubic one, which Pillow widens when it makes images smaller, so that it averages over
    all pixels and leaves no aliases (Parmar et al. 2022, "On aliased resizing", section 3).
    """
    return ImageOps.fit(image, (size, size), Image.Resampling.BICUBIC)


def conform(blocks: Iterable[Images], size: int | None, channels: int | None) -> Iterator[Images]:
    """Blocks of images, uint8 (n, height, width, channels), in another size and number of channels.

    Args:
        blocks: the images.
        size: pixels of each side; None leaves them.
        channels: 1 or 3; None leaves them. Grey is made of RGB by the weights of ITU-R 601.
    """
    for block in blocks:
        _, height, width, depth = block.shape
        made = (size or height) * (size or width) * (channels or depth)
        step = max(1, mapped.BLOCK_BYTES // made)
        for start in range(0, len(block), step):
            part = block[start : start + step]
            yield np.stack([as_array(_conform_one(image, size, channels)) for image in part])


def require_sides(height: int, width: int) -> None:
    """Refuse images that the models are not made for.

    Raises:
        DataError: a side is shorter than ``MIN_SIDE`` or longer than ``MAX_SIDE``.
    """
    if not MIN_SIDE <= min(height, width) <= max(height, width) <= MAX_SIDE:
        raise DataError(
            f"data.size: expected images with sides of {MIN_SIDE} to {MAX_SIDE} pixels, got {width} x "
            f"{height}. Set data.size in params.yaml, to which they are resized."
        )


def as_array(image: Image.Image) -> Images:
    """Pixels of an image of mode L or RGB: uint8 (height, width, 1 or 3)."""
    pixels = np.asarray(image)
    return pixels[..., np.newaxis] if pixels.ndim == 2 else pixels


def _transparent_value(image: Image.Image) -> Any:
    """What a file says is transparent; the grey value or colour of a PNG on the scale of its pixels."""
    found = image.info.get("transparency")
    tile = next(iter(getattr(image, "tile", [])), None)
    scale = SCALES.get(tile.args) if tile and isinstance(tile.args, str) else None
    if found is None or scale is None:
        return found
    return tuple(int(value * scale) for value in found) if isinstance(found, tuple) else int(found * scale)


def _conform_one(pixels: Images, size: int | None, channels: int | None) -> Image.Image:
    image = Image.fromarray(pixels[..., 0] if pixels.shape[-1] == 1 else pixels)
    if size is not None:
        image = fit(image, size)
    return image if channels is None else image.convert("L" if channels == 1 else "RGB")
