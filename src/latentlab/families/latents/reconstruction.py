"""How far decoded images are from what was encoded, a batch in memory at a time."""

import keras
import numpy as np
import numpy.typing as npt

from latentlab.core import mapped
from latentlab.core.arrays import Labels
from latentlab.scoring.metrics.likelihood import Likelihood
from latentlab.trained import inference


def reconstruction_nats(
    decoder: keras.Model,
    images: npt.NDArray[np.uint8],
    latents: npt.NDArray[np.float32],
    likelihood: Likelihood,
    labels: Labels | None = None,
) -> npt.NDArray[np.float64]:
    """-log p(x | z) of each image under its latent, in nats.

    Args:
        decoder: latents to images.
        images: uint8 (n, height, width, channels), n of 1 or more.
        latents: of the images, (n, latent_dim).
        likelihood: of the pixels.
        labels: the class of each image, (n,), for a decoder that is told it.

    Returns:
        float64 (n,).
    """
    told = inference.with_classes(decoder, latents, labels)
    starts = range(0, len(images), inference.BATCH_SIZE)
    parts = [slice(start, start + inference.BATCH_SIZE) for start in starts]
    return np.concatenate(
        [
            likelihood(
                inference.to_float(mapped.rows(images, part)),
                inference.run(decoder, *(array[part] for array in told)),
            )
            for part in parts
        ]
    )


def reconstruct(
    decoder: keras.Model,
    images: npt.NDArray[np.uint8],
    latents: npt.NDArray[np.float32],
    labels: Labels | None = None,
) -> npt.NDArray[np.uint8]:
    """Images (n, height, width, channels) and what the decoder makes of their latents: uint8 (2, n, ...)."""
    return np.stack([images, inference.generate(decoder, latents, labels)])


def representatives(labels: Labels, count: int) -> npt.NDArray[np.int64]:
    """Indices of the first few images of each class, ordered by class; ``count`` in all, or fewer."""
    classes = np.unique(labels)
    each = max(1, count // len(classes))
    return np.concatenate([np.flatnonzero(labels == label)[:each] for label in classes])[:count]
