"""The arrays that ``evaluate`` writes for figures, by name."""

from typing import Any

import numpy.typing as npt

from latentlab import artifacts


def load(name: str) -> npt.NDArray[Any]:
    """One array, mapped into memory.

    Raises:
        ArtifactError: it is missing or damaged.
    """
    return artifacts.load_array(artifacts.ARRAYS / f"{name}.npy")


def exists(name: str) -> bool:
    """Whether it was written; some are for some settings alone."""
    return (artifacts.ARRAYS / f"{name}.npy").exists()


def latent_dim(model: str) -> int:
    """Dimensions of the latents of a model."""
    return int(load(f"{model}_latents").shape[1])
