"""The VAE's scoring: bounds on the likelihood, its use of the latents, and what it generates from them."""

from typing import Any

import keras

from latentlab.core import artifacts, settings
from latentlab.core.arrays import Latents
from latentlab.families import arrays
from latentlab.families.entry import Entry
from latentlab.families.latents import pictures, pixels
from latentlab.families.latents import scores as latents
from latentlab.families.vae import bounds, classes
from latentlab.families.vae.family import VAE
from latentlab.families.vae.model.objectives import weight_of_kl
from latentlab.families.vae.settings import Settings
from latentlab.learning.conditioning import given, num_classes_of
from latentlab.learning.randomness import derive_seed
from latentlab.scoring import networks
from latentlab.scoring.bench import Bench
from latentlab.scoring.metrics.likelihood import of_pixels
from latentlab.scoring.settings import Scoring
from latentlab.trained import model_files


class Read(Scoring):
    """What this scoring reads of params.yaml."""

    vae: Settings


def enter(bench: Bench) -> Entry:
    """Score it on the test images; write what figures show of its latents, and of classes that it is told."""
    read = settings.load_part(Read)
    encoder = model_files.load_model(VAE.folder / "encoder.keras")
    decoder = model_files.load_model(VAE.folder / "decoder.keras")
    encodings = _encode(encoder, read.seed)
    found = latents.fit_samplers(VAE.name, encode_training(encoder, read.seed), read)
    latents.draw(
        VAE.name, decoder, encodings.z_mean, found, epsilon_sigma=read.vae.epsilon_sigma, seed=read.seed
    )
    use = bounds.latent_use(encodings, artifacts.load_labels("test"))
    _draw_paths(given(decoder, 0), encodings, use)
    sigma = pixels.load_sigma(VAE.folder, read.vae.reconstruction)
    scores = _likelihood(bounds.Model(encoder, decoder, sigma), encodings, read) | {"latent": use}
    if num_classes_of(decoder):
        scores["classification"] = classes.score(
            encoder, decoder, networks.load_classifier(), read, of_pixels(sigma)
        )
    return Entry({VAE.name: scores}, latents.list_contenders(VAE.name, decoder, found, read.seed))


def encode_training(encoder: keras.Model, seed: int) -> Latents:
    """Draws of the latents that samplers are fitted to: float32 (n, latent_dim).

    Draws rather than means, because these are what the decoder learned from.
    """
    images, labels = latents.training_images(), artifacts.load_labels("train")[: latents.MOST_FITTED]
    seed = derive_seed(seed, "evaluate", "training epsilon")
    return bounds.encode(encoder, images, seed, labels).z


def _encode(encoder: keras.Model, seed: int) -> bounds.Encodings:
    images, labels = artifacts.load_images("test"), artifacts.load_labels("test")
    return bounds.encode(encoder, images, derive_seed(seed, "evaluate", "epsilon"), labels)


def _likelihood(model: bounds.Model, encodings: bounds.Encodings, read: Read) -> dict[str, Any]:
    images, labels = artifacts.load_images("test"), artifacts.load_labels("test")
    terms = bounds.objective_terms(
        images,
        labels,
        encodings,
        model.decoder,
        kl_weight=weight_of_kl(read.vae.kl_weight, images[0].size),
        sigma=model.sigma,
    )
    of_data = bounds.likelihood_bounds(
        images,
        model,
        samples=read.evaluate.importance_samples,
        num_images=read.evaluate.importance_images,
        seed=derive_seed(read.seed, "evaluate", "bounds"),
        labels=labels,
    )
    return pixels.described(model.sigma) | terms | of_data


def _draw_paths(decoder: keras.Model, encodings: bounds.Encodings, use: dict[str, Any]) -> None:
    z_mean, kl = encodings.z_mean, use["kl_per_dimension_nats"]
    paths = {"interpolations": pictures.interpolations(decoder, z_mean)}
    # Of two, the manifold shows all.
    if len(kl) > 2:
        paths["traversals"] = pictures.traversals(decoder, z_mean[0], kl)
    arrays.save(VAE.name, paths)
