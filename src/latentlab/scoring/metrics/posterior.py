"""How an encoder uses its latent space: what it puts there, and how near the prior it stays."""

import numpy as np
import numpy.typing as npt

from latentlab.core.arrays import Floats

# The variance of the posterior mean over the data above which Burda et al. call a unit active.
ACTIVE_VARIANCE = 0.01
NUM_NEIGHBOURS = 5


def active_units(z_mean: Floats) -> int:
    """How many latent dimensions tell images apart (Burda et al. 2016, section 5.2).

    Args:
        z_mean: the means of q(z | x) for images x, (n, latent_dim).
    """
    return int(np.sum(z_mean.var(axis=0, dtype=np.float64) > ACTIVE_VARIANCE))


def aggregate_posterior_kl(z_mean: Floats, z_log_var: Floats) -> float:
    """KL divergence from N(0, I) of the Gaussian with the moments of the aggregate posterior, in nats.

        1/2 (tr S + |m|^2 - latent_dim - log det S)

    The aggregate posterior is the mean of q(z | x) = N(mu, diag sigma^2) over the images x; its mean m and
    covariance S = Cov(mu) + diag(E sigma^2) need no draw. The Gaussian has the most entropy of all
    distributions with these moments, so the aggregate posterior itself is at least as far from the prior.

    Args:
        z_mean, z_log_var: mu and log sigma^2, (n, latent_dim), n of 1 or more.
    """
    mean, log_var = z_mean.astype(np.float64), z_log_var.astype(np.float64)
    covariance = np.atleast_2d(np.cov(mean, rowvar=False, bias=True)) + np.diag(np.exp(log_var).mean(axis=0))
    _, log_determinant = np.linalg.slogdet(covariance)
    shift = np.sum(mean.mean(axis=0) ** 2)
    return float(np.trace(covariance) + shift - mean.shape[1] - log_determinant) / 2


def knn_accuracy(z_mean: Floats, labels: npt.NDArray[np.integer]) -> float:
    """The share of images in the class of most of their five nearest others, by Euclidean distance.

    Of classes with equally many neighbours the lowest is taken.

    Args:
        z_mean: (n, latent_dim), n of 6 or more.
        labels: classes counted from 0, (n,).
    """
    if len(z_mean) <= NUM_NEIGHBOURS:
        raise ValueError(f"expected more than {NUM_NEIGHBOURS} images, got {len(z_mean)}")
    from sklearn.neighbors import NearestNeighbors  # A second, for what only this needs.

    nearest = NearestNeighbors(n_neighbors=NUM_NEIGHBOURS, algorithm="brute").fit(z_mean.astype(np.float64))
    neighbours = nearest.kneighbors(return_distance=False)  # Of each image, itself left out.
    votes = labels[neighbours][..., np.newaxis] == np.arange(int(labels.max()) + 1)
    return float(np.mean(votes.sum(axis=1).argmax(axis=1) == labels))
