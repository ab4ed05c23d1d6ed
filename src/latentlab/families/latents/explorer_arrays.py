"""What the explorer needs of trained models: decoded images over a plane, and walks between samples."""

import itertools
import math
from typing import Any

import keras
import numpy as np
import numpy.typing as npt

from latentlab.core.arrays import Floats, Images
from latentlab.families.latents import budget, paths, planes
from latentlab.families.latents.planes import Plane
from latentlab.showing import framing
from latentlab.trained import inference

# Half the region's side over that of the test images' bounding box: half as much again is empty.
REACH = 1.5
# Every third cell of the grid, along both axes, is decoded at its centre to see how good blending is.
ERROR_STRIDE = 3

NUM_SAMPLES = 8
# Of a walk, fewer where images are large.
MOST_STEPS = 25


def over_plane(decoder: keras.Model, plane: Plane, coordinates: Floats) -> dict[str, npt.NDArray[Any]]:
    """Decoded images over the region around test images on a plane, by file name.

    Args:
        decoder: latents to images.
        plane: the plane.
        coordinates: of test images on it, (n, 2).

    Returns:
        ``explorer_images``: uint8 (side, side, height, width, channels); [i, j] lies at
        (axes[0, j], axes[1, i]). ``explorer_axes``: float32 (2, side). ``explorer_errors``: see
        ``blending_errors``.
    """
    side = min(budget.GRID_SIDE, math.isqrt(budget.num_images(decoder.output_shape[1:])))
    axes = region(coordinates, side)
    images = planes.manifold(decoder, plane, axes)
    errors = blending_errors(decoder, plane, axes, images)
    return {
        "explorer_images": images,
        "explorer_axes": axes,
        "explorer_errors": errors,
    }


def region(coordinates: Floats, side: int) -> npt.NDArray[np.float32]:
    """A square grid over coordinates (n, 2) and empty space about, of one scale for both axes: (2, side)."""
    middle, half = framing.square(coordinates, REACH)
    return np.linspace(middle - half, middle + half, side, axis=1, dtype=np.float32)


def blending_errors(
    decoder: keras.Model, plane: Plane, axes: npt.NDArray[np.float32], images: Images
) -> npt.NDArray[np.float32]:
    """How far the mean of a cell's four corners is from what is decoded at its centre, where it is farthest.

    Returns:
        Mean absolute difference of a pixel for every third cell along both axes, in grey levels of 0 to 255:
        float32 (cells, cells).
    """
    chosen = slice(None, None, ERROR_STRIDE)
    corners = images.astype(np.float32)
    blended = (corners[:-1, :-1] + corners[1:, :-1] + corners[:-1, 1:] + corners[1:, 1:]) / 4
    centres = (axes[:, :-1] + axes[:, 1:]) / np.float32(2)
    decoded = planes.manifold(decoder, plane, centres[:, chosen])
    return np.abs(blended[chosen, chosen] - decoded).mean(axis=(2, 3, 4))


def walks(generator: keras.Model, seed: int) -> Images:
    """Walks between every two of a few samples.

    Returns:
        uint8 (pairs, steps, height, width, channels), pairs in the order of ``itertools.combinations``; the
        first and last image of each are the samples themselves.
    """
    samples = inference.draw_latents(NUM_SAMPLES, generator.input_shape[1], seed)
    pairs = list(itertools.combinations(samples, 2))
    steps = min(MOST_STEPS, max(2, budget.num_images(generator.output_shape[1:]) // len(pairs)))
    shares = np.linspace(0, 1, steps, dtype=np.float32)
    latents = np.concatenate([paths.spherical(start, end, shares) for start, end in pairs])
    images = inference.generate(generator, latents)
    return images.reshape(len(pairs), steps, *images.shape[1:])
