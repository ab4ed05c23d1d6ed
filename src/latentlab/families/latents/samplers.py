"""Ways to sample a latent space where its encodings lie: mixtures of Gaussians, fitted to them.

What an autoencoder lacks is a known p(z). Fitting one after training makes it a generator (Ghosh et al. 2020,
"From variational to deterministic autoencoders", section 4).
"""

from collections.abc import Callable, Collection, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import threadpoolctl

from latentlab.core.arrays import Floats, Labels, Latents

# What the Bayesian information criterion chooses from.
NUM_COMPONENTS = (1, 2, 4, 8, 16, 32)
# More than enough rounds of expectation maximisation to converge.
MOST_ROUNDS = 1000


class Mixture(NamedTuple):
    """p(z) = sum over k of weights[k] N(z; means[k], covariances[k]).

    Attributes:
        weights: float64 (k,), of sum 1.
        means: float64 (k, latent_dim).
        covariances: float64 (k, latent_dim, latent_dim); singular where encodings do not vary.
        classes: the class that each component stands for, (k,); None where they stand for none.
    """

    weights: Floats
    means: Floats
    covariances: Floats
    classes: Labels | None = None

    def draw_components(self, count: int, seed: int) -> npt.NDArray[np.int64]:
        """Which component each of some draws comes from, by their weights: (count,)."""
        return np.random.default_rng(seed).choice(len(self.weights), count, p=self.weights)

    def draw(self, components: npt.NDArray[np.int64], seed: int) -> Latents:
        """One draw from each of these components, (n,): float32 (n, latent_dim)."""
        epsilon = np.random.default_rng(seed).standard_normal((len(components), self.means.shape[1]))
        roots = np.array([root(covariance) for covariance in self.covariances])
        return (self.means[components] + np.einsum("nij,nj->ni", roots[components], epsilon)).astype(
            np.float32
        )


def fit(
    latents: Latents, labels: Labels, *, ways: Collection[str], mixture_components: str, seed: int
) -> dict[str, Mixture]:
    """Each way by its name, fitted to encodings.

    Args:
        latents: float32 (n, latent_dim), n of 2 or more.
        labels: the class of each, (n,).
        ways: ``gaussian``, ``mixture`` and ``per_class``, those that are wanted.
        mixture_components: of the mixture; ``classes`` takes one for each class, ``bic`` the number of the
            least Bayesian information criterion (Schwarz 1978).
        seed: of the mixture's starting points.
    """
    choices = {"classes": (len(np.unique(labels)),), "bic": NUM_COMPONENTS}
    fits: dict[str, Callable[[], Mixture]] = {
        "gaussian": lambda: gaussian(latents),
        "mixture": lambda: mixture(latents, choices[mixture_components], seed),
        "per_class": lambda: per_class(latents, labels),
    }
    return {way: fits[way]() for way in ways}


def gaussian(latents: Latents) -> Mixture:
    """One Gaussian with the mean and the covariance of latents (n, latent_dim): the most likely one."""
    mean = latents.mean(axis=0, dtype=np.float64)
    centred = latents - mean
    return Mixture(np.ones(1), mean[np.newaxis], (centred.T @ centred / len(latents))[np.newaxis])


def per_class(latents: Latents, labels: Labels) -> Mixture:
    """One Gaussian for each class among labels (n,), weighted by its share, so that a class can be asked for.

    A class of one image has no spread, and all its draws are that image's encoding.
    """
    classes, counts = np.unique(labels, return_counts=True)
    parts = [gaussian(latents[labels == label]) for label in classes]
    means, covariances = (
        np.concatenate(arrays) for arrays in zip(*(part[1:3] for part in parts), strict=True)
    )
    return Mixture(counts / len(labels), means, covariances, classes)


def mixture(latents: Latents, choices: Sequence[int], seed: int) -> Mixture:
    """The mixture of the least Bayesian information criterion, fitted by expectation maximisation.

    Args:
        latents: float32 (n, latent_dim), n of 2 or more.
        choices: numbers of components to choose from; there are no more than different latents.
        seed: of the starting points.
    """
    centre, scale = latents.mean(axis=0, dtype=np.float64), latents.std(axis=0, dtype=np.float64)
    # What does not vary at all stays 0, where it would be divided by 0.
    scale = np.where(scale > 0, scale, 1)
    scaled = (latents - centre) / scale
    most = len(np.unique(latents, axis=0))
    # One thread, because several add up in an order of their own each time.
    with threadpoolctl.threadpool_limits(limits=1):
        fitted = [_expectation_maximisation(scaled, count, seed) for count in _at_most(choices, most)]
        best = min(fitted, key=lambda model: model.bic(scaled))
    covariances = best.covariances_ * np.outer(scale, scale)
    return Mixture(best.weights_, best.means_ * scale + centre, covariances)


def _expectation_maximisation(scaled: Floats, count: int, seed: int) -> Any:
    """A mixture of full covariances, of which each has 10^-6 of the variance of all added to its diagonal."""
    from sklearn.mixture import GaussianMixture  # A second, for what only this needs.

    model = GaussianMixture(count, max_iter=MOST_ROUNDS, init_params="k-means++", random_state=seed)
    return model.fit(scaled)


def _at_most(choices: Sequence[int], most: int) -> list[int]:
    return sorted({min(choice, most) for choice in choices})


def root(covariance: Floats) -> Floats:
    """The symmetric square root of a covariance, which is unique, and exists where it is singular too."""
    values, vectors = np.linalg.eigh(covariance)
    return (vectors * np.sqrt(np.maximum(values, 0))) @ vectors.T
