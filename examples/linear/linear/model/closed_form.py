"""The model and its most likely parameters; equations as Tipping and Bishop (1999) number them.

x = W z + mu + e,   z ~ N(0, I),   e ~ N(0, sigma^2 I)      (2)
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import scipy.linalg
import threadpoolctl

from latentlab.core import mapped
from latentlab.core.arrays import Floats, Images
from latentlab.core.errors import ParamsError

# Up to so many the covariance is taken, of 128 MB at most; for more, inner products of as many images as have
# so many values in all, 512 MB.
MOST_PIXELS = 2**12
MOST_VALUES = 2**26
# Of the variance: less is what rounding leaves.
NOTHING = 1e-9


class Ppca(NamedTuple):
    """Parameters of the model.

    Attributes:
        mean: mu, float64 (pixels,).
        weights: W, float64 (pixels, latent_dim).
        noise_variance: sigma^2.
    """

    mean: Floats
    weights: Floats
    noise_variance: float

    @property
    def precision(self) -> Floats:
        """M = W^T W + sigma^2 I, (latent_dim, latent_dim); that of z given x is M / sigma^2."""
        return self.weights.T @ self.weights + self.noise_variance * np.eye(self.weights.shape[1])

    @property
    def posterior(self) -> Floats:
        """M^-1 W^T, (latent_dim, pixels), which takes x - mu to the mean of z given x (6)."""
        return scipy.linalg.solve(self.precision, self.weights.T, assume_a="pos")

    def log_likelihood(self, x: Floats) -> Floats:
        """log N(x; mu, C), C = W W^T + sigma^2 I (4), in nats, of images (n, pixels) in [0, 1]: (n,).

        Of the matrix C, which has pixels^2 numbers, nothing is needed but

            log |C| = log |M| + (pixels - latent_dim) log sigma^2,   C^-1 = (I - W M^-1 W^T) / sigma^2
        """
        pixels, latent_dim = self.weights.shape
        centred = x - self.mean
        left = centred - (centred @ self.posterior.T) @ self.weights.T
        squares = np.sum(centred * left, axis=1) / self.noise_variance
        _, log_precision = np.linalg.slogdet(self.precision)
        log_determinant = log_precision + (pixels - latent_dim) * np.log(self.noise_variance)
        return -(pixels * np.log(2 * np.pi) + log_determinant + squares) / 2


def fit(images: Images, latent_dim: int) -> Ppca:
    """The most likely parameters.

        sigma^2 = mean of the eigenvalues left out (8),   W = U (L - sigma^2 I)^(1/2) (7)

    U and L are the covariance's first eigenvectors and eigenvalues. W could be turned in any way; as it is, z
    are the principal components, the largest first.

    Args:
        images: uint8 (n, height, width, channels); of more than 4,096 pixels, only as many as fit in memory.
        latent_dim: dimensions of z.

    Raises:
        ParamsError: nothing is left out, so that there is no noise.
    """
    pixels = images[0].size
    seen = images if pixels <= MOST_PIXELS else images[: MOST_VALUES // pixels]
    _require(latent_dim < min(pixels, len(seen)), latent_dim)
    # One thread, because several add up in an order of their own each time.
    with threadpoolctl.threadpool_limits(limits=1):
        mean = _mean(seen)
        values, vectors, total = _spectrum(seen, mean, latent_dim)
    left_out = total - values.sum()
    _require(left_out > NOTHING * total, latent_dim)
    noise_variance = float(left_out / (pixels - latent_dim))
    # The sign of a component is arbitrary: its largest coordinate is taken as positive.
    signs = np.sign(np.take_along_axis(vectors, np.abs(vectors).argmax(axis=0)[np.newaxis], axis=0))
    return Ppca(mean, vectors * signs * np.sqrt(values - noise_variance), noise_variance)


def rows(images: Images) -> Iterator[Floats]:
    """Images (n, height, width, channels) as float64 (a few, pixels) in [0, 1], block by block."""
    for block in mapped.blocks(images):
        yield block.reshape(len(block), -1) / 255


def _mean(images: Images) -> Floats:
    total: Floats = sum((x.sum(axis=0) for x in rows(images)), np.zeros(images[0].size))
    return total / len(images)


def _spectrum(images: Images, mean: Floats, count: int) -> tuple[Floats, Floats, float]:
    """The covariance's largest eigenvalues, falling, (count,), their vectors (pixels, count), and its trace.

    Of few large images it has the eigenvalues of their inner products.
    """
    if len(mean) <= MOST_PIXELS:
        covariance = np.zeros((len(mean), len(mean)))
        for x in rows(images):
            covariance += (x - mean).T @ (x - mean) / len(images)
        return *_largest(covariance, count), float(np.trace(covariance))
    centred = np.concatenate(list(rows(images))) - mean
    products = centred @ centred.T / len(images)
    values, vectors = _largest(products, count)
    return values, centred.T @ vectors / np.sqrt(len(images) * values), float(np.trace(products))


def _largest(matrix: Floats, count: int) -> tuple[Floats, Floats]:
    size = len(matrix)
    values, vectors = scipy.linalg.eigh(matrix, subset_by_index=[size - count, size - 1])
    return values[::-1], vectors[:, ::-1]


def _require(leaves_noise: bool, latent_dim: int) -> None:
    if not leaves_noise:
        raise ParamsError(
            "linear.latent_dim: expected fewer than the dimensions that the training images vary in, so that "
            f"some of their variance is noise, got {latent_dim}. Lower it, or take more images."
        )
