"""The arrays of a model that its scoring writes for figures and pages, by name."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy.typing as npt

from latentlab.core import artifacts
from latentlab.families import roster


def save(model: str, arrays: Mapping[str, npt.NDArray[Any]]) -> None:
    """Write arrays of a model."""
    for name, array in arrays.items():
        artifacts.save_array(_path(model, name), array)


def load(model: str, name: str) -> npt.NDArray[Any]:
    """One array of a model, mapped into memory.

    Raises:
        ArtifactError: it is missing or damaged.
    """
    return artifacts.load_array(_path(model, name))


def exists(model: str, name: str) -> bool:
    """Whether it was written; some are for some settings alone."""
    return _path(model, name).exists()


def is_conditional(model: str) -> bool:
    """Whether the model is told the class."""
    return exists(model, "told_classes")


def first_class(model: str) -> str:
    """What a title adds where a model is told the class: planes and paths have room for one alone."""
    return ", all told class 0" if is_conditional(model) else ""


def latent_dim(model: str) -> int:
    """Dimensions of the latents of a model."""
    return int(load(model, "latents").shape[1])


def _path(model: str, name: str) -> Path:
    family, _ = roster.models()[model]
    return artifacts.scores_folder(family.name) / model / f"{name}.npy"
