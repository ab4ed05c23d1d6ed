"""Training as it happens: one picture for each epoch drawn, to be shown one after the other."""

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

from latentlab.core.arrays import Floats, Images
from latentlab.showing import framing
from latentlab.showing.figures import grids, latents, samples, style

# Bounds on what an animation takes: pixels of a picture's longer side, and pictures.
MOST_PIXELS = 640
MOST_FRAMES = 40
NAME_SIZE = 22
BAR = 34
DOT_RADIUS = 3


def of_samples(images: Images, epochs: Sequence[int]) -> list[Image.Image]:
    """What the same latents become: one grid an epoch.

    Args:
        images: uint8 (num_epochs, n, height, width, channels); [:, i] are made from one latent.
        epochs: after which each was made.
    """
    side = math.isqrt(images.shape[1])
    squares = images[:, : side**2].reshape(len(images), side, side, *images.shape[2:])
    return _frames([_picture(square) for square in squares], epochs)


def of_latent_space(
    manifolds: Images, planes: Floats, labels: npt.NDArray[np.uint8], epochs: Sequence[int]
) -> list[Image.Image]:
    """A manifold, and beside it where images lie on the same plane, one pair an epoch.

    Args:
        manifolds: uint8 (num_epochs, side, side, height, width, channels), the first row lowest.
        planes: float (num_epochs, n, 2), in standard deviations of the prior.
        labels: uint8 (n,), classes counted from 0.
        epochs: after which each was drawn.
    """
    half = framing.around_zero(planes, latents.REACH)
    pairs = []
    for manifold, plane in zip(manifolds, planes, strict=True):
        left = _picture(manifold[::-1])
        pair = Image.new("RGB", (left.width + left.height, left.height), "white")
        pair.paste(left, (0, 0))
        pair.paste(_scatter(plane, labels, half, left.height), (left.width, 0))
        pairs.append(pair)
    return _frames(pairs, epochs)


def _picture(square: Images) -> Image.Image:
    """A grid of images, enlarged or made smaller to about half the most pixels."""
    picture = Image.fromarray(grids.mosaic(square, gap=0))
    scale = MOST_PIXELS / 2 / max(picture.size)
    size = round(picture.width * scale), round(picture.height * scale)
    return picture.resize(size, Image.Resampling.LANCZOS)


def _scatter(plane: Floats, labels: npt.NDArray[np.uint8], half: float, side: int) -> Image.Image:
    """Points on a square from -half to half, coloured by class, the second axis pointing up."""
    colours = np.rint(style.class_colours(int(labels.max()) + 1) * 255).astype(int)
    picture = Image.new("RGB", (side, side), "white")
    draw = ImageDraw.Draw(picture)
    for (x, y), label in zip(plane, labels, strict=True):
        centre = (x / half + 1) / 2 * side, (1 - y / half) / 2 * side
        draw.circle(centre, DOT_RADIUS, fill=tuple(colours[label]))
    return picture


def _frames(pictures: Sequence[Image.Image], epochs: Sequence[int]) -> list[Image.Image]:
    """Pictures under the names of their epochs, some left out evenly where they are too many."""
    shown = samples.evenly_spaced(len(epochs), MOST_FRAMES)
    return [_named(pictures[index], f"epoch {epochs[index]}") for index in shown]


def _named(picture: Image.Image, name: str) -> Image.Image:
    frame = Image.new("RGB", (picture.width, picture.height + BAR), "white")
    frame.paste(picture, (0, BAR))
    ImageDraw.Draw(frame).text((8, 5), name, fill=style.INK, font=ImageFont.load_default(NAME_SIZE))
    return frame
