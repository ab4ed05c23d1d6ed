"""The figures that the pipeline makes."""

from collections.abc import Iterable

PICTURES = {
    "autoencoder_curves",
    "autoencoder_latent_scatter",
    "autoencoder_by_class",
    "reconstructions",
    "latent_regions",
    "latent_samplers",
    "sampler_scores",
    "vae_by_class",
    "vae_interpolations",
    "gan_interpolations",
    "vae_latent_scatter",
    "vae_manifold",
    "vae_manifold_used",
    "vae_reconstructions",
    "vae_samples",
    "vae_progress",
    "vae_curves",
    "gan_progress",
    "gan_curves",
    "gan_snapshots",
    "gan_best",
    "comparison",
    "yardstick",
}
ANIMATIONS = {"gan_training", "vae_training"}
# With more than two latents, and of models that are told the class.
SOMETIMES = {"vae_traversals", "vae_told_classes", "vae_styles", "gan_told_classes"}


def pictures(sample_epochs: Iterable[int]) -> set[str]:
    """The figures of a run that draws the GAN's samples after some epochs."""
    return PICTURES | {f"gan_samples_epoch_{epoch:03d}" for epoch in sample_epochs}
