"""The plain autoencoder: how well it reconstructs, and what it generates from latents drawn in any way."""

import keras

from latentlab.core import artifacts
from latentlab.families import params
from latentlab.families.autoencoder import reconstruction_scores
from latentlab.families.entry import Entry
from latentlab.families.latents import scores as latents
from latentlab.trained import inference, model_files

NAME = artifacts.AUTOENCODER.name


def enter(settings: params.Params) -> Entry:
    """Score its reconstructions; write what figures show of its latents."""
    images, labels = artifacts.load_images("test"), artifacts.load_labels("test")
    encoder = model_files.load_model(artifacts.AUTOENCODER / "encoder.keras")
    decoder = model_files.load_model(artifacts.AUTOENCODER / "decoder.keras")
    z = inference.predict(encoder, images)
    fitted = latents.fit_samplers(NAME, encode_training(encoder), settings.evaluate.samplers, settings)
    latents.draw(NAME, decoder, z, fitted, settings)
    scores = reconstruction_scores.scores(images, labels, z, decoder, settings.vae.reconstruction)
    return Entry({NAME: scores}, latents.list_generators(NAME, decoder, fitted, settings.seed))


def encode_training(encoder: keras.Model) -> latents.Latents:
    """The latents that samplers are fitted to: float32 (n, latent_dim)."""
    return inference.predict(encoder, latents.training_images())
