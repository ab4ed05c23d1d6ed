"""Bounds on the likelihood of a decoder and their terms, for each image and in double precision."""

from collections.abc import Callable
from functools import partial

import numpy as np
import numpy.typing as npt
import scipy.special

from latentlab.core.arrays import Floats

# Pixels x in [0, 1] and decoded means, both (n, height, width, channels), to nats of each image, (n,).
Likelihood = Callable[[Floats, Floats], npt.NDArray[np.float64]]
# Of uint8 pixels in [0, 1]: from one of the 256 grey levels to the next.
LEVEL = 1 / 255


def bernoulli_nats(x: Floats, p: Floats) -> npt.NDArray[np.float64]:
    """Cross-entropy of each image, summed over its pixels, in nats.

        -sum over pixels of x log p + (1 - x) log(1 - p)

    Args:
        x: pixels in [0, 1], (n, height, width, channels).
        p: decoded means in [0, 1], of the same shape.

    Returns:
        float64 (n,). Means of exactly 0 or 1, where float32 ran out of digits, count as 1e-7 off.
    """
    x, p = x.astype(np.float64), np.clip(p.astype(np.float64), 1e-7, 1 - 1e-7)
    return -np.sum(x * np.log(p) + (1 - x) * np.log1p(-p), axis=(1, 2, 3))


def gaussian_nats(x: Floats, p: Floats, sigma: float) -> npt.NDArray[np.float64]:
    """-log density of each image whose pixels are normal variables, in nats.

        sum over pixels of (x - p)^2 / (2 sigma^2) + log(sigma sqrt(2 pi))

    Args:
        x, p: pixels and decoded means in [0, 1], (n, height, width, channels).
        sigma: the standard deviation of a pixel, above 0.

    Returns:
        float64 (n,); of either sign, since it is a density's.
    """
    squares = (x.astype(np.float64) - p.astype(np.float64)) ** 2 / (2 * sigma**2)
    return np.sum(squares + np.log(sigma * np.sqrt(2 * np.pi)), axis=(1, 2, 3))


def level_nats(x: Floats, p: Floats, sigma: float) -> npt.NDArray[np.float64]:
    """-log probability of each image whose 256 grey levels have their shares of a normal variable, in nats.

        -sum over pixels of log [Phi((x + 1/510 - p) / sigma) - Phi((x - 1/510 - p) / sigma)]

    The darkest and the brightest level have all beyond them as well (Ho et al. 2020, equation 13). So it is a
    probability, which no sigma makes larger than 1, where a density has no bound.

    Args:
        x, p, sigma: as of :func:`gaussian_nats`; x is a multiple of 1/255.

    Returns:
        float64 (n,), 0 or more.
    """
    x, p = x.astype(np.float64), p.astype(np.float64)
    low = np.where(x < LEVEL / 2, -np.inf, (x - LEVEL / 2 - p) / sigma)
    high = np.where(x > 1 - LEVEL / 2, np.inf, (x + LEVEL / 2 - p) / sigma)
    # Mirrored to where Phi is small, of which the logarithm has all its digits.
    mirrored = low + high > 0
    low, high = np.where(mirrored, -high, low), np.where(mirrored, -low, high)
    below, all_of_it = scipy.special.log_ndtr(low), scipy.special.log_ndtr(high)
    return -np.sum(all_of_it + np.log(-np.expm1(below - all_of_it)), axis=(1, 2, 3))


def of_pixels(sigma: float | None) -> Likelihood:
    """-log p(x | z) as training has it: a density, or with a sigma of None a Bernoulli variable's."""
    return bernoulli_nats if sigma is None else partial(gaussian_nats, sigma=sigma)


def of_levels(sigma: float | None) -> Likelihood:
    """The same of what pixels can be: one of 256 levels, or with a sigma of None black or white."""
    return bernoulli_nats if sigma is None else partial(level_nats, sigma=sigma)


def bits_per_dimension(nats: float, dimensions: int) -> float:
    """The same in bits for each pixel of each channel, as papers report it (Theis et al. 2016, section 3.1).

    Args:
        nats: of an image.
        dimensions: of it: height times width times channels.
    """
    return nats / (dimensions * float(np.log(2)))


def gaussian_kl(z_mean: Floats, z_log_var: Floats) -> npt.NDArray[np.float64]:
    """KL divergence of N(z_mean, exp(z_log_var)) from N(0, I), in nats, for each latent dimension.

        1/2 (mu^2 + sigma^2 - 1 - log sigma^2)      (Kingma and Welling 2014, appendix B)

    Returns:
        float64 of the arguments' shape, (n, latent_dim).
    """
    mean, log_var = z_mean.astype(np.float64), z_log_var.astype(np.float64)
    return (mean**2 + np.exp(log_var) - 1 - log_var) / 2


def binarise(images: npt.NDArray[np.uint8], seed: int) -> npt.NDArray[np.uint8]:
    """Black and white images, 0 and 255: one Bernoulli draw a pixel, its grey level the probability.

    One draw that is fixed once for all is the usual protocol (Salakhutdinov and Murray 2008, section 5).
    """
    thresholds = np.random.default_rng(seed).integers(255, size=images.shape, dtype=np.uint8)
    return np.where(images > thresholds, np.uint8(255), np.uint8(0))


def log_importance_weights(
    log_likelihoods: npt.NDArray[np.float64], z: Floats, epsilon: Floats, z_log_var: Floats
) -> npt.NDArray[np.float64]:
    """log p(x | z) p(z) / q(z | x), in nats, for draws z of q(z | x) = N(mu, diag sigma^2).

    With z = mu + sigma epsilon, the constants of both Gaussians cancel:

        log p(z) / q(z | x) = 1/2 sum over dimensions of (epsilon^2 + log sigma^2 - z^2)

    Args:
        log_likelihoods: log p(x | z), (n,).
        z, epsilon, z_log_var: the draw, its noise from N(0, I), and log sigma^2; (n, latent_dim).

    Returns:
        float64 (n,).
    """
    z, epsilon, log_var = (array.astype(np.float64) for array in (z, epsilon, z_log_var))
    return log_likelihoods + np.sum(epsilon**2 + log_var - z**2, axis=1) / 2


def importance_weighted_bound(log_weights: npt.NDArray[np.float64], k: int) -> float:
    """The importance-weighted bound on log p(x) (Burda et al. 2016, equation 8), a mean over images, in nats.

        L_k = E log 1/k sum over i = 1 .. k of p(x, z_i) / q(z_i | x),   z_i ~ q(z | x)

    L_1 is the ELBO, and L_k does not fall as k grows. The mean over disjoint groups of k draws estimates
    it; of 1,000 draws the estimates for 1, 50 and 1,000 cannot fall either, as each divides the next.

    Args:
        log_weights: log p(x, z_i) / q(z_i | x), (n, draws).
        k: 1 or more, at most the number of draws.
    """
    num_images, draws = log_weights.shape
    if not 1 <= k <= draws:
        raise ValueError(f"expected k from 1 to the number of draws, {draws}, got {k}")
    groups = log_weights[:, : draws // k * k].astype(np.float64).reshape(num_images, -1, k)
    return float(np.mean(scipy.special.logsumexp(groups, axis=2) - np.log(k)))
