"""What a trained model's pixels are, given z: the sigma that its folder holds, or that its params say."""

from pathlib import Path

from latentlab.core import artifacts
from latentlab.learning.pixels import SIGMAS

FILE = "pixels.json"


def save_sigma(folder: Path, sigma: float) -> None:
    """Keep the sigma that was fitted beside the networks in a folder."""
    artifacts.save_json(folder / FILE, {"sigma": sigma})


def load_sigma(folder: Path, reconstruction: str) -> float | None:
    """The sigma of pixels in [0, 1], or None of Bernoulli variables.

    Args:
        folder: of the trained networks.
        reconstruction: as ``vae.reconstruction`` in params.yaml.

    Raises:
        ArtifactError: it was fitted, and its file is missing or damaged.
    """
    if reconstruction in SIGMAS:
        return SIGMAS[reconstruction]
    return float(artifacts.load_json(folder / FILE)["sigma"])


def described(sigma: float | None) -> dict[str, float]:
    """What scores say of it; nothing of Bernoulli variables, which have none."""
    return {} if sigma is None else {"pixel_sigma": sigma}
