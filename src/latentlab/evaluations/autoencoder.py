"""The plain autoencoder: how well it reconstructs, and what it generates from latents drawn in any way."""

from latentlab import artifacts, autoencoder_evaluation, inference, model_files, params
from latentlab.evaluations import latents
from latentlab.evaluations.entry import Entry

NAME = artifacts.AUTOENCODER.name


def enter(settings: params.Params) -> Entry:
    """Score its reconstructions; write what figures show of its latents."""
    images, labels = artifacts.load_images("test"), artifacts.load_labels("test")
    encoder = model_files.load_model(artifacts.AUTOENCODER / "encoder.keras")
    decoder = model_files.load_model(artifacts.AUTOENCODER / "decoder.keras")
    z = inference.predict(encoder, images)
    fitted = latents.fit_samplers(NAME, inference.predict(encoder, latents.training_images()), settings)
    latents.draw(NAME, decoder, z, fitted, settings)
    scores = autoencoder_evaluation.scores(images, labels, z, decoder, settings.vae.reconstruction)
    return Entry({NAME: scores}, latents.list_generators(NAME, decoder, fitted, settings.seed))
