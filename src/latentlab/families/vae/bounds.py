"""The scores of a VAE beside those of its samples: bounds on the likelihood, and the use of its latents.

All take z from q(z | x) = N(mu, diag sigma^2) itself, whatever ``epsilon_sigma`` the sampler had in training.
"""

import sys
from collections.abc import Sequence
from typing import Any, NamedTuple

import keras
import numpy as np
import numpy.typing as npt
import tensorflow as tf
from tqdm import trange

from latentlab.core.arrays import Images, Labels
from latentlab.families.latents import neighbours
from latentlab.families.latents.reconstruction import reconstruction_nats
from latentlab.scoring.metrics import posterior
from latentlab.scoring.metrics.likelihood import (
    Likelihood,
    binarise,
    bits_per_dimension,
    gaussian_kl,
    importance_weighted_bound,
    log_importance_weights,
    of_levels,
    of_pixels,
)
from latentlab.trained import inference

# Fixed, so that all models are scored on the same black and white images.
BINARISATION_SEED = 0
BINARISATION = "one fixed Bernoulli draw a pixel (Salakhutdinov and Murray 2008)"
LEVELS = "a normal variable's share of each of 256 grey levels (Ho et al. 2020, equation 13)"


class Encodings(NamedTuple):
    """q(z | x) = N(z_mean, diag exp(z_log_var)) of each image, and a draw of it: float32 (n, latent_dim)."""

    z_mean: npt.NDArray[np.float32]
    z_log_var: npt.NDArray[np.float32]
    z: npt.NDArray[np.float32]


class Model(NamedTuple):
    """A trained VAE, and the sigma of its pixels in [0, 1]; None says that they are Bernoulli variables."""

    encoder: keras.Model
    decoder: keras.Model
    sigma: float | None = None


def encode(encoder: keras.Model, images: Images, seed: int, labels: Labels | None = None) -> Encodings:
    """The encodings of uint8 images (n, height, width, channels).

    Here and below, labels (n,) are for networks that are told the class, which demand them.
    """
    z_mean, z_log_var = inference.predict(encoder, images, labels)
    epsilon = inference.draw_latents(len(images), z_mean.shape[1], seed)
    return Encodings(z_mean, z_log_var, z_mean + np.exp(z_log_var / 2) * epsilon)


def objective_terms(
    images: Images,
    labels: Labels,
    encodings: Encodings,
    decoder: keras.Model,
    *,
    kl_weight: float,
    sigma: float | None = None,
) -> dict[str, Any]:
    """The terms of the VAE's objective on images, see ``vae.objectives``, each decoded from its draw of z.

    The KL is whole, whatever training left free. ``elbo_grey_nats`` is the bound with the weights of its
    derivation: the reconstruction summed over pixels, and the KL once. Pixels are grey levels, or have a
    density, so it does not compare with published likelihoods. A sigma is as of :class:`Model`.
    """
    nats, kls = _elbo_terms(images, encodings, decoder, of_pixels(sigma), labels)
    per_pixel, kl = nats / images[0].size, float(kls.mean())
    mean = float(per_pixel.mean())
    return {
        "reconstruction_nats_per_pixel": mean,
        "kl_nats": kl,
        "objective": mean + kl_weight * kl,
        "elbo_grey_nats": -float(nats.mean()) - kl,
    } | _by_class(per_pixel, labels)


def likelihood_bounds(
    images: Images,
    model: Model,
    *,
    samples: Sequence[int],
    num_images: int,
    seed: int,
    labels: Labels | None = None,
) -> dict[str, Any]:
    """Bounds on the log-likelihood of images, in nats, as papers report them.

    Of Bernoulli variables these are of images made black and white, of normal ones of grey levels, and then
    there are bits per dimension as well.

    Args:
        images: uint8 (n, height, width, channels).
        model: whose bounds they are.
        samples: the k of each importance-weighted bound.
        num_images: how many images these are taken on, the first ones; the ELBO is taken on all.
        seed: of the draws of z.
    """
    encoder, decoder, sigma = model
    seen = binarise(images, BINARISATION_SEED) if sigma is None else images
    encodings, likelihood = encode(encoder, seen, seed, labels), of_levels(sigma)
    nats, kls = _elbo_terms(seen, encodings, decoder, likelihood, labels)
    few = Encodings(*(array[:num_images] for array in encodings))
    told = None if labels is None else labels[:num_images]
    log_weights = importance_weights(seen[:num_images], few, decoder, likelihood, max(samples), seed, told)
    return _elbo(-float(np.mean(nats + kls)), sigma, images[0].size) | {
        "importance_weighted_nats": {str(k): importance_weighted_bound(log_weights, k) for k in samples},
        "importance_images": len(log_weights),
    }


def importance_weights(
    images: Images,
    encodings: Encodings,
    decoder: keras.Model,
    likelihood: Likelihood,
    draws: int,
    seed: int,
    labels: Labels | None = None,
) -> npt.NDArray[np.float64]:
    """log p(x, z) / q(z | x) of images, uint8 (n, ...), and of fresh draws of z for each: (n, draws)."""
    rng, x = np.random.default_rng(seed), inference.to_float(images)
    sigma = np.exp(encodings.z_log_var / 2)
    log_weights = np.empty((len(images), draws))
    # A graph, because on so many batches tracing one costs less than it gains.
    decode = tf.function(decoder)
    for draw in trange(draws, desc="importance weights", disable=not sys.stderr.isatty()):
        epsilon = rng.standard_normal(sigma.shape, dtype=np.float32)
        z = (encodings.z_mean + sigma * epsilon).astype(np.float32)
        decoded = inference.run(decode, *inference.with_classes(decoder, z, labels))
        log_likelihoods = -likelihood(x, decoded)
        log_weights[:, draw] = log_importance_weights(log_likelihoods, z, epsilon, encodings.z_log_var)
    return log_weights


def latent_use(encodings: Encodings, labels: Labels) -> dict[str, Any]:
    """What the encodings of images with these labels say of the latent space."""
    z_mean, z_log_var, _ = encodings
    return {
        "kl_per_dimension_nats": gaussian_kl(z_mean, z_log_var).mean(axis=0).tolist(),
        "active_units": posterior.active_units(z_mean),
        "aggregate_posterior_kl_nats": posterior.aggregate_posterior_kl(z_mean, z_log_var),
    } | neighbours.score(z_mean, labels)


def _elbo(elbo: float, sigma: float | None, dimensions: int) -> dict[str, Any]:
    """The bound of all images under the names of what pixels are."""
    if sigma is None:
        return {"binarisation": BINARISATION, "elbo_binarised_nats": elbo}
    return {
        "quantisation": LEVELS,
        "elbo_levels_nats": elbo,
        "bits_per_dimension": bits_per_dimension(-elbo, dimensions),
    }


def _by_class(per_pixel: npt.NDArray[np.float64], labels: Labels) -> dict[str, Any]:
    """The mean of each class; nothing where there is one alone."""
    classes = np.unique(labels)
    means = {str(label): float(per_pixel[labels == label].mean()) for label in classes}
    return {"reconstruction_by_class_nats_per_pixel": means} if len(classes) > 1 else {}


def _elbo_terms(
    images: Images,
    encodings: Encodings,
    decoder: keras.Model,
    likelihood: Likelihood,
    labels: Labels | None = None,
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Reconstruction and KL of each image, in nats; the ELBO is minus their sum."""
    nats = reconstruction_nats(decoder, images, encodings.z, likelihood, labels)
    kls = gaussian_kl(encodings.z_mean, encodings.z_log_var).sum(axis=1)
    return nats, kls
