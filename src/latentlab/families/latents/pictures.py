"""What figures show of a latent space in use: images decoded inside and outside of it, and along paths."""

from collections.abc import Sequence
from typing import Any

import keras
import numpy as np
import numpy.typing as npt

from latentlab.core.arrays import Images, Latents
from latentlab.families.latents import paths
from latentlab.families.latents import points as latent_points
from latentlab.families.latents.planes import Plane
from latentlab.families.latents.samplers import Mixture
from latentlab.trained import inference

# Points decoded inside, and as many outside.
NUM_POINTS = 24
# Images along a path.
STEPS = 11
NUM_PATHS = 3
MOST_TRAVERSED = 10
# Images of each class.
NUM_OF_CLASS = 12


def regions(decoder: keras.Model, latents: Latents, plane: Plane, seed: int) -> dict[str, npt.NDArray[Any]]:
    """Images decoded between encodings (n, latent_dim) and far from all of them, each with its coordinates.

    Returns:
        ``inside`` and ``outside``, uint8 (24, height, width, channels), or fewer where there are fewer
        encodings; ``inside_plane`` and ``outside_plane``, float32 (24, 2).
    """
    count = min(NUM_POINTS, len(latents))
    points = {
        "inside": latent_points.inside(latents, count, seed),
        "outside": latent_points.outside(latents, count, seed),
    }
    images = {name: inference.generate(decoder, where) for name, where in points.items()}
    return images | {f"{name}_plane": plane.locate(where) for name, where in points.items()}


def interpolations(decoder: keras.Model, latents: Latents) -> Images:
    """Paths between the first and the second of some latents, the third and the fourth, and so on.

    Args:
        decoder: latents to images.
        latents: float32 (n, latent_dim), of which six are used.

    Returns:
        uint8 (6, 11, height, width, channels): each path in a straight line, then along an arc
        (Shoemake 1985; White 2016).
    """
    shares = np.linspace(0, 1, STEPS, dtype=np.float32)
    pairs = latents[: 2 * NUM_PATHS].reshape(NUM_PATHS, 2, -1)
    ways = paths.WAYS.values()
    return _decode(decoder, np.stack([way(start, end, shares) for start, end in pairs for way in ways]))


def traversals(decoder: keras.Model, latent: Latents, kl_per_dimension: Sequence[float]) -> Images:
    """What each of the ten most used dimensions does to one latent (latent_dim,), the most used first.

    Returns:
        uint8 (10, 11, height, width, channels), or as many rows as there are dimensions.
    """
    dimensions = latent_points.by_use(kl_per_dimension, MOST_TRAVERSED)
    return _decode(decoder, latent_points.traversals(latent, dimensions, STEPS))


def of_components(decoder: keras.Model, fitted: Mixture, seed: int) -> Images:
    """Images of each component of a mixture, on demand: uint8 (components, 12, height, width, channels)."""
    components = np.repeat(np.arange(len(fitted.weights)), NUM_OF_CLASS)
    asked = None if fitted.classes is None else fitted.classes[components]
    images = inference.generate(decoder, fitted.draw(components, seed), asked)
    return images.reshape(len(fitted.weights), NUM_OF_CLASS, *images.shape[1:])


def _decode(decoder: keras.Model, latents: Latents) -> Images:
    """Images (rows, columns, height, width, channels) of latents (rows, columns, latent_dim)."""
    images = inference.generate(decoder, latents.reshape(-1, latents.shape[-1]))
    return images.reshape(*latents.shape[:2], *images.shape[1:])
