"""The plain autoencoder's scoring: how well it reconstructs, and what it generates from latents."""

from typing import Any

import keras
import numpy as np
import numpy.typing as npt

from latentlab.core import artifacts, settings
from latentlab.core.arrays import Latents
from latentlab.families.autoencoder.family import AUTOENCODER
from latentlab.families.entry import Entry
from latentlab.families.latents import neighbours, pixels
from latentlab.families.latents import scores as latents
from latentlab.families.latents.reconstruction import reconstruction_nats
from latentlab.families.vae.settings import Settings as Vae
from latentlab.scoring.bench import Bench
from latentlab.scoring.metrics.likelihood import of_pixels
from latentlab.scoring.settings import Scoring
from latentlab.trained import inference, model_files


class Read(Scoring):
    """What this scoring reads of params.yaml."""

    vae: Vae


def enter(bench: Bench) -> Entry:
    """Score its reconstructions; write what figures show of its latents."""
    read = settings.load_part(Read)
    images, labels = artifacts.load_images("test"), artifacts.load_labels("test")
    encoder = model_files.load_model(AUTOENCODER.folder / "encoder.keras")
    decoder = model_files.load_model(AUTOENCODER.folder / "decoder.keras")
    z, name = inference.predict(encoder, images), AUTOENCODER.name
    found = latents.fit_samplers(name, encode_training(encoder), read)
    latents.draw(name, decoder, z, found, epsilon_sigma=read.vae.epsilon_sigma, seed=read.seed)
    sigma = pixels.load_sigma(AUTOENCODER.folder, read.vae.reconstruction)
    scores = score(images, labels, z, decoder, sigma)
    return Entry({name: scores}, latents.list_contenders(name, decoder, found, read.seed))


def encode_training(encoder: keras.Model) -> Latents:
    """The latents that samplers are fitted to: float32 (n, latent_dim)."""
    encoded: Latents = inference.predict(encoder, latents.training_images())
    return encoded


def score(
    images: npt.NDArray[np.uint8],
    labels: npt.NDArray[np.uint8],
    latents: Latents,
    decoder: keras.Model,
    sigma: float | None = None,
) -> dict[str, Any]:
    """How well images are reconstructed from their latents, and how these lie.

    Args:
        images: uint8 (n, height, width, channels).
        labels: of the images, (n,).
        latents: of the images, (n, latent_dim).
        decoder: latents to images.
        sigma: of normal pixels; None says that they are Bernoulli variables.
    """
    nats = reconstruction_nats(decoder, images, latents, of_pixels(sigma))
    return pixels.described(sigma) | {
        "reconstruction_nats_per_pixel": float(nats.mean()) / images[0].size,
        "latent": {
            "mean_per_dimension": latents.mean(axis=0, dtype=np.float64).tolist(),
            "deviation_per_dimension": latents.std(axis=0, dtype=np.float64).tolist(),
        }
        | neighbours.score(latents, labels),
    }
