"""The arrays that ``evaluate`` writes for figures, by name."""

from typing import Any

import numpy.typing as npt

from latentlab.core import artifacts


def load(name: str) -> npt.NDArray[Any]:
    """One array, mapped into memory.

    Raises:
        ArtifactError: it is missing or damaged.
    """
    return artifacts.load_array(artifacts.ARRAYS / f"{name}.npy")


def exists(name: str) -> bool:
    """Whether it was written; some are for some settings alone."""
    return (artifacts.ARRAYS / f"{name}.npy").exists()


def first_class(model: str) -> str:
    """What a title adds where a model is told the class: planes and paths have room for one alone."""
    return ", all told class 0" if exists(f"{model}_told_classes") else ""


def latent_dim(model: str) -> int:
    """Dimensions of the latents of a model."""
    return int(load(f"{model}_latents").shape[1])
