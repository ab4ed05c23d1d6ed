"""The scores of a plain autoencoder beside those of its samples."""

from typing import Any

import keras
import numpy as np
import numpy.typing as npt

from latentlab.families.latents.reconstruction import reconstruction_nats
from latentlab.scoring.metrics import posterior

Images = npt.NDArray[np.uint8]
Latents = npt.NDArray[np.float32]


def scores(
    images: Images,
    labels: npt.NDArray[np.uint8],
    latents: Latents,
    decoder: keras.Model,
    reconstruction: str = "bernoulli",
) -> dict[str, Any]:
    """How well images are reconstructed from their latents, and how these lie.

    Args:
        images: uint8 (n, height, width, channels).
        labels: of the images, (n,).
        latents: of the images, (n, latent_dim).
        decoder: latents to images.
        reconstruction: what a pixel is, see ``vae.reconstruction`` in params.yaml.
    """
    nats = reconstruction_nats(decoder, images, latents, reconstruction)
    return {
        "reconstruction_nats_per_pixel": float(nats.mean()) / images[0].size,
        "latent": {
            "mean_per_dimension": latents.mean(axis=0, dtype=np.float64).tolist(),
            "deviation_per_dimension": latents.std(axis=0, dtype=np.float64).tolist(),
            "knn_accuracy": posterior.knn_accuracy(latents, labels),
            "knn_neighbours": posterior.NUM_NEIGHBOURS,
        },
    }
