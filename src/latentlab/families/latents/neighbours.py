"""Whether images of one class are neighbours in latent space."""

from typing import Any

from latentlab.core.arrays import Labels, Latents
from latentlab.scoring.metrics import posterior


def score(latents: Latents, labels: Labels) -> dict[str, Any]:
    """How well nearest neighbours tell an image's class, as metrics.json has it.

    Args:
        latents: of images, (n, latent_dim).
        labels: of these, (n,).

    Returns:
        ``knn_accuracy`` and ``knn_neighbours``; nothing where there is one class alone.
    """
    if labels.max() == 0:
        return {}
    accuracy = posterior.knn_accuracy(latents, labels)
    return {"knn_accuracy": accuracy, "knn_neighbours": posterior.NUM_NEIGHBOURS}
