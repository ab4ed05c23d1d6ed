"""The VAE: bounds on the likelihood, its use of the latents, and what it generates from them."""

from typing import Any

import keras

from latentlab.core import artifacts
from latentlab.core.randomness import derive_seed
from latentlab.families import params
from latentlab.families.entry import Entry, save_arrays
from latentlab.families.latents import pictures
from latentlab.families.latents import scores as latents
from latentlab.families.vae import bounds, classes
from latentlab.learning.conditioning import given, num_classes_of
from latentlab.trained import model_files

NAME = artifacts.VAE.name


def enter(settings: params.Params, classifier: keras.Sequential) -> Entry:
    """Score it on the test images; write what figures show of its latents, and of classes that it is told."""
    encoder = model_files.load_model(artifacts.VAE / "encoder.keras")
    decoder = model_files.load_model(artifacts.VAE / "decoder.keras")
    encodings = _encode(encoder, settings.seed)
    encoded = encode_training(encoder, settings.seed)
    fitted = latents.fit_samplers(NAME, encoded, settings.evaluate.samplers, settings)
    latents.draw(NAME, decoder, encodings.z_mean, fitted, settings)
    use = bounds.latent_use(encodings, artifacts.load_labels("test"))
    _draw_paths(given(decoder, 0), encodings, use)
    scores = _likelihood(encoder, decoder, encodings, settings) | {"latent": use}
    if num_classes_of(decoder):
        scores["classification"] = classes.enter(encoder, decoder, classifier, settings)
    return Entry({NAME: scores}, latents.list_generators(NAME, decoder, fitted, settings.seed))


def encode_training(encoder: keras.Model, seed: int) -> latents.Latents:
    """Draws of the latents that samplers are fitted to: float32 (n, latent_dim).

    Draws rather than means, because these are what the decoder learned from.
    """
    images, labels = latents.training_images(), artifacts.load_labels("train")[: latents.MOST_FITTED]
    seed = derive_seed(seed, "evaluate", "training epsilon")
    return bounds.encode(encoder, images, seed, labels).z


def _encode(encoder: keras.Model, seed: int) -> bounds.Encodings:
    images, labels = artifacts.load_images("test"), artifacts.load_labels("test")
    return bounds.encode(encoder, images, derive_seed(seed, "evaluate", "epsilon"), labels)


def _likelihood(
    encoder: keras.Model, decoder: keras.Model, encodings: bounds.Encodings, settings: params.Params
) -> dict[str, Any]:
    images, labels = artifacts.load_images("test"), artifacts.load_labels("test")
    terms = bounds.objective_terms(
        images,
        labels,
        encodings,
        decoder,
        kl_weight=settings.vae.kl_weight,
        reconstruction=settings.vae.reconstruction,
    )
    if settings.vae.reconstruction != "bernoulli":
        return terms | {"left_out": bounds.NO_BOUNDS}
    return terms | bounds.likelihood_bounds(
        images,
        encoder,
        decoder,
        samples=settings.evaluate.importance_samples,
        num_images=settings.evaluate.importance_images,
        seed=derive_seed(settings.seed, "evaluate", "bounds"),
        labels=labels,
    )


def _draw_paths(decoder: keras.Model, encodings: bounds.Encodings, use: dict[str, Any]) -> None:
    z_mean, kl = encodings.z_mean, use["kl_per_dimension_nats"]
    paths = {"interpolations": pictures.interpolations(decoder, z_mean)}
    # Of two, the manifold shows all.
    if len(kl) > 2:
        paths["traversals"] = pictures.traversals(decoder, z_mean[0], kl)
    save_arrays(NAME, paths)
