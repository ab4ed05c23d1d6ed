"""What a figure shows of a latent space: a plane of it, and the images decoded there."""

from typing import Any, NamedTuple

import keras
import numpy as np
import numpy.typing as npt

from latentlab.core.arrays import Images, Labels
from latentlab.trained import inference

# The lecture's manifold: 15 x 15 points from -15 to 15.
MANIFOLD_SIDE = 15
MANIFOLD_EDGE = 15.0
# Where nearly all of the prior lies, (2, side), and how many images are placed there; both cheap.
GLIMPSE_AXES = np.tile(np.linspace(-2.5, 2.5, 12, dtype=np.float32), (2, 1))
GLIMPSE_IMAGES = 500


class Plane(NamedTuple):
    """A plane of latent space: z = origin + coordinates @ directions."""

    origin: npt.NDArray[np.float64]
    directions: npt.NDArray[np.float64]

    def locate(self, latents: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        """Coordinates (n, 2) on the plane of latents (n, latent_dim)."""
        return ((latents - self.origin) @ self.directions.T).astype(np.float32)

    def embed(self, coordinates: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        """Latents (n, latent_dim) of coordinates (n, 2)."""
        return (self.origin + coordinates @ self.directions).astype(np.float32)


def shown_plane(latents: npt.NDArray[np.float32]) -> Plane:
    """The plane that a figure shows: z itself in two dimensions, else the first two principal components.

    A single latent dimension is the first axis; the second then changes nothing.
    """
    latent_dim = latents.shape[1]
    if latent_dim <= 2:
        return Plane(np.zeros(latent_dim), np.eye(2, latent_dim))
    origin = latents.mean(axis=0, dtype=np.float64)
    _, _, directions = np.linalg.svd(latents - origin, full_matrices=False)
    # The sign of a component is arbitrary: its largest coordinate is taken as positive.
    largest = np.take_along_axis(directions, np.abs(directions).argmax(axis=1)[:, None], axis=1)
    return Plane(origin, (directions * np.sign(largest))[:2])


def manifold(decoder: keras.Model, plane: Plane, axes: npt.NDArray[np.float32]) -> Images:
    """Decoded points of a grid on a plane.

    Args:
        decoder: latents to images.
        plane: the plane.
        axes: the grid's coordinates along its first and second axis, (2, side).

    Returns:
        uint8 (side, side, height, width, channels); [i, j] lies at (axes[0, j], axes[1, i]).
    """
    x, y = np.meshgrid(axes[0], axes[1])
    points = np.stack([x.ravel(), y.ravel()], axis=1)
    images = inference.generate(decoder, plane.embed(points))
    return images.reshape(len(axes[1]), len(axes[0]), *images.shape[1:])


def manifolds(
    decoder: keras.Model, plane: Plane, coordinates: npt.NDArray[np.float32], epsilon_sigma: float
) -> dict[str, npt.NDArray[Any]]:
    """The lecture's manifold and that of the part of the plane in use, each with its axes, by file name."""
    axes = {"manifold": lecture_axes(epsilon_sigma), "manifold_used": used_axes(coordinates)}
    images = {name: manifold(decoder, plane, values) for name, values in axes.items()}
    return images | {f"{name}_axes": values for name, values in axes.items()}


def glimpse(
    encoder: keras.Model, decoder: keras.Model, images: Images, labels: Labels
) -> dict[str, npt.NDArray[Any]]:
    """What a VAE in training has made of its latent space so far, on the plane that a figure shows.

    Args:
        encoder, decoder: the VAE's.
        images: images to place on the plane, uint8 (n, height, width, channels).
        labels: of each, (n,), for an encoder that is told the class.

    Returns:
        ``manifolds``: what is decoded at ``GLIMPSE_AXES``, uint8 (side, side, height, width, channels).
        ``planes``: the coordinates of the images, float32 (n, 2).
    """
    z_mean, _ = inference.predict(encoder, images, labels)
    plane = shown_plane(z_mean)
    return {"manifolds": manifold(decoder, plane, GLIMPSE_AXES), "planes": plane.locate(z_mean)}


def lecture_axes(epsilon_sigma: float) -> npt.NDArray[np.float32]:
    """The lecture's grid: -15 to 15 times epsilon_sigma along both axes, (2, 15)."""
    edge = MANIFOLD_EDGE * epsilon_sigma
    return np.tile(np.linspace(-edge, edge, MANIFOLD_SIDE, dtype=np.float32), (2, 1))


def used_axes(coordinates: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """A grid over the part of the plane in use: 1st to 99th percentile of coordinates (n, 2), (2, 15)."""
    low, high = np.percentile(coordinates, [1, 99], axis=0)
    return np.linspace(low, high, MANIFOLD_SIDE, axis=1, dtype=np.float32)
