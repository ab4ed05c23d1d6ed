"""The sliced Wasserstein distance of small patches, scale by scale, in which no classifier has a say."""

import numpy as np
import numpy.typing as npt

from latentlab.core.arrays import Images
from latentlab.scoring.metrics.laplacian import Level, laplacian_pyramid

# Enough for a distance that detects and does not rank.
MOST_IMAGES = 500
# Pixels, or all where a level has fewer.
PATCH_SIDE = 7
# Of each image and level, or as many as there are places. The paper takes 128 from each of 16,384 images.
PATCHES = 32
# 4 times 128, of which some are projected on at a time.
DIRECTIONS = 512
AT_ONCE = 64

# The image, row and column of corners, each to be broadcast to (n, patches).
Places = tuple[npt.NDArray[np.integer], npt.NDArray[np.integer], npt.NDArray[np.integer]]


def sliced_wasserstein(real: Images, samples: Images, seed: int) -> dict[int, float]:
    """How far patches of samples lie from those of real images, at each level of a Laplacian pyramid.

    Patches of 7 x 7 pixels are brought to mean 0 and deviation 1 in each channel, for each set by itself,
    and projected on random directions. On a line, the Wasserstein distance of two sets of one size is the
    mean absolute difference of their sorted values; this is its mean over directions (Karras et al. 2018,
    section 5, whose tables have it times 1,000). Fine levels tell of noise and texture, coarse ones of shape
    and colour. As each set is normalised, the contrast of a level does not show.

    Args:
        real, samples: as many of each, (n, height, width, channels); the first 500 count.
        seed: of directions, and of the places of patches, which are the same in both sets.

    Returns:
        By the shorter side of a level in pixels, from fine to coarse: 0 or more, in standard deviations of
        its pixels. Sets of different real images are above 0, the less the more images there are.
    """
    if real.ndim != 4 or real.shape != samples.shape or not len(real):
        raise ValueError(
            "expected as many samples as real images and as large ones, (n, height, width, channels), "
            f"got {samples.shape} and {real.shape}"
        )
    rng = np.random.default_rng(seed)
    pyramids = [laplacian_pyramid(images[:MOST_IMAGES]) for images in (real, samples)]
    return {min(x.shape[1:3]): _distance(x, y, rng) for x, y in zip(*pyramids, strict=True)}


def _distance(real: Level, samples: Level, rng: np.random.Generator) -> float:
    count, height, width, channels = real.shape
    side = min(PATCH_SIDE, height, width)
    places = _places((count, height - side + 1, width - side + 1), rng)
    x, y = (_descriptors(level, side, places) for level in (real, samples))
    directions = rng.standard_normal((DIRECTIONS, channels * side * side), np.float32)
    directions /= np.linalg.norm(directions, axis=1, keepdims=True)
    parts = np.split(directions, DIRECTIONS // AT_ONCE)
    differences = (np.sort(part @ x.T, axis=1) - np.sort(part @ y.T, axis=1) for part in parts)
    return float(np.mean([np.abs(part).mean(dtype=np.float64) for part in differences]))


def _places(free: tuple[int, int, int], rng: np.random.Generator) -> Places:
    """Random corners for each of n images, with ``free`` (n, rows, columns) to choose from."""
    count, rows, columns = free
    size = (count, min(PATCHES, rows * columns))
    return np.arange(count)[:, np.newaxis], rng.integers(rows, size=size), rng.integers(columns, size=size)


def _descriptors(level: Level, side: int, places: Places) -> Level:
    """Normalised patches, (patches, channels * side * side); 0 in a channel of one value."""
    patches = np.lib.stride_tricks.sliding_window_view(level, (side, side), axis=(1, 2))[places]
    pixels = patches.reshape(-1, *patches.shape[2:])
    pixels -= pixels.mean(axis=(0, 2, 3), keepdims=True, dtype=np.float64)
    deviations = pixels.std(axis=(0, 2, 3), keepdims=True, dtype=np.float64)
    pixels /= np.where(deviations > 0, deviations, 1)
    return pixels.reshape(len(pixels), -1)
