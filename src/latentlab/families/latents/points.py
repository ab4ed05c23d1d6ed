"""Points of a latent space that a figure decodes: inside and outside of what is used, and along its axes."""

from collections.abc import Sequence

import numpy as np

from latentlab.core.arrays import Latents
from latentlab.families.latents import samplers

# Outside, in units of the farthest encoding's distance from the mean.
OUTSIDE = 1.5
# How far along each latent a traversal goes, in standard deviations of the prior.
TRAVERSED = 3.0


def inside(latents: Latents, count: int, seed: int) -> Latents:
    """Points halfway between encodings and their nearest neighbours.

    Args:
        latents: float32 (n, latent_dim), n of 2 or more.
        count: points, n at most.
        seed: of the choice.

    Returns:
        float32 (count, latent_dim).
    """
    chosen = np.random.default_rng(seed).choice(len(latents), count, replace=False)
    distances = np.linalg.norm(latents[chosen, np.newaxis] - latents, axis=2)
    distances[np.arange(count), chosen] = np.inf
    return (latents[chosen] + latents[distances.argmin(axis=1)]) / 2


def outside(latents: Latents, count: int, seed: int) -> Latents:
    """Points in all directions, each half as far again from the mean as the farthest of encodings.

    Distances are those of Mahalanobis, so all encodings lie within an ellipsoid, and these points around it.

    Args:
        latents: float32 (n, latent_dim), n of 2 or more.
        count: points.
        seed: of the directions.

    Returns:
        float32 (count, latent_dim).
    """
    fitted = samplers.gaussian(latents)
    directions = np.random.default_rng(seed).standard_normal((count, latents.shape[1]))
    directions /= np.linalg.norm(directions, axis=1, keepdims=True)
    inverse = np.linalg.pinv(fitted.covariances[0], hermitian=True)
    centred = latents - fitted.means[0]
    farthest = np.sqrt(np.einsum("ni,ij,nj->n", centred, inverse, centred).max())
    return (fitted.means[0] + OUTSIDE * farthest * directions @ samplers.root(fitted.covariances[0])).astype(
        np.float32
    )


def traversals(latent: Latents, dimensions: Sequence[int], steps: int) -> Latents:
    """One latent (latent_dim,) with one of its coordinates going from -3 to 3, for each of some dimensions.

    Returns:
        float32 (len(dimensions), steps, latent_dim).
    """
    paths = np.tile(latent, (len(dimensions), steps, 1)).astype(np.float32)
    for path, dimension in zip(paths, dimensions, strict=True):
        path[:, dimension] = np.linspace(-TRAVERSED, TRAVERSED, steps)
    return paths


def by_use(kl_per_dimension: Sequence[float], most: int) -> list[int]:
    """The dimensions of the largest KL, in nats, from the most used on; ``most`` or fewer."""
    return np.argsort(-np.asarray(kl_per_dimension), kind="stable")[:most].tolist()
