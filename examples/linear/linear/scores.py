"""The scoring of probabilistic principal component analysis: its exact likelihood, and what it generates."""

from typing import Any

import keras
import numpy as np

from latentlab.core import artifacts
from latentlab.core.arrays import Images, Latents
from latentlab.families import arrays
from latentlab.families.entry import Entry
from latentlab.families.latents import pictures
from latentlab.families.latents import scores as latents
from latentlab.families.linear.family import LINEAR, NOISE
from latentlab.families.linear.model.closed_form import Ppca, rows
from latentlab.families.linear.model.networks import read_back
from latentlab.scoring.bench import Bench
from latentlab.scoring.metrics.likelihood import gaussian_kl
from latentlab.trained import inference, model_files

# The lecture's plane is 15 of these to each side; here they are the prior's own.
EPSILON_SIGMA = 1.0


def enter(bench: Bench) -> Entry:
    """Score it on the test images; write what figures show of its latents and components."""
    encoder = model_files.load_model(LINEAR.folder / "encoder.keras")
    decoder = model_files.load_model(LINEAR.folder / "decoder.keras")
    images, seed, name = artifacts.load_images("test"), bench.settings.seed, LINEAR.name
    z = inference.predict(encoder, images)
    encoded = inference.predict(encoder, latents.training_images())
    found = latents.fit_samplers(name, encoded, bench.settings)
    latents.draw(name, decoder, z, found, epsilon_sigma=EPSILON_SIGMA, seed=seed)
    scores = score(read_back(decoder, artifacts.load_json(NOISE)["noise_variance"]), images, z)
    _draw_components(decoder, scores["latent"]["kl_per_dimension_nats"])
    return Entry({name: scores}, latents.list_contenders(name, decoder, found, seed))


def score(model: Ppca, images: Images, z: Latents) -> dict[str, Any]:
    """How likely images are and how well they come back.

    Given x, z is normal with this mean and sigma^2 M^-1, so the bound on log p(x) of an autoencoder that is
    variational is no bound here but log p(x) itself.

    Args:
        model: the parameters.
        images: uint8 (n, height, width, channels).
        z: the mean of z given each, (n, latent_dim).
    """
    variances = model.noise_variance / np.diag(model.precision)
    divergences = gaussian_kl(z, np.tile(np.log(variances), (len(z), 1))).mean(axis=0)
    nats = np.concatenate([model.log_likelihood(x) for x in rows(images)])
    return {
        "reconstruction_squared_error": _squared_error(model, images, z),
        "log_likelihood_nats_per_pixel": float(nats.mean()) / images[0].size,
        "kl_nats": float(divergences.sum()),
        "noise_variance": model.noise_variance,
        "latent": {"kl_per_dimension_nats": divergences.tolist()},
    }


def _squared_error(model: Ppca, images: Images, z: Latents) -> float:
    """Of a pixel in [0, 1] from what its latent decodes to, a mean over all."""
    total, start = 0.0, 0
    for x in rows(images):
        decoded = np.clip(z[start : start + len(x)] @ model.weights.T + model.mean, 0, 1)
        total, start = total + float(np.sum((x - decoded) ** 2)), start + len(x)
    return total / images.size


def _draw_components(decoder: keras.Model, kl_per_dimension: list[float]) -> None:
    """The mean image with one component at a time added to it and taken away."""
    middle = np.zeros(len(kl_per_dimension), np.float32)
    arrays.save(LINEAR.name, {"traversals": pictures.traversals(decoder, middle, kl_per_dimension)})
