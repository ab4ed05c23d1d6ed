"""Paths from one latent to another; loads no TensorFlow."""

import numpy as np
import numpy.typing as npt

from latentlab.core.arrays import Floats, Latents


def linear(start: Latents, end: Latents, shares: Latents) -> Latents:
    """Points between two latents (latent_dim,) at shares of the straight line: (steps, latent_dim)."""
    return (1 - shares[:, np.newaxis]) * start + shares[:, np.newaxis] * end


def spherical(start: Floats, end: Floats, shares: Floats) -> npt.NDArray[np.float32]:
    """Points between two latents (latent_dim,) at shares of the angle between them: (steps, latent_dim).

    The middle of a straight line would be shorter than any draw from the prior in many dimensions
    (White 2016, Sampling Generative Networks, section 2.1). Lengths go evenly from one to the other: were
    latents of different lengths weighted by the angle alone, the path between nearly opposite ones would
    lead far beyond both.
    """
    lengths = np.array([np.linalg.norm(start), np.linalg.norm(end)])
    line = np.stack([1 - shares, shares])
    # The origin lies in every direction.
    cosine = np.dot(start, end) / lengths.prod() if lengths.all() else 1.0
    angle = np.arccos(np.clip(cosine, -1, 1))
    if np.isclose(np.sin(angle), 0, atol=1e-4):  # On one line through the origin there is no arc.
        weights = line
    else:
        weights = np.sin(line * angle) / np.sin(angle) * (lengths @ line) / lengths[:, np.newaxis]
    return (weights.T @ np.stack([start, end])).astype(np.float32)


WAYS = {"linear": linear, "spherical": spherical}
