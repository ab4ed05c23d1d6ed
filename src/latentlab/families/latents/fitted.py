"""Fitted samplers of a latent space on disk: the scoring writes them, and whoever samples reads them."""

from collections.abc import Mapping
from pathlib import Path

from latentlab.core import artifacts
from latentlab.families.latents.samplers import Mixture

FILE = "samplers.npz"


def save(folder: Path, samplers: Mapping[str, Mixture]) -> None:
    """Write samplers by their ways."""
    arrays = {
        f"{way}.{field}": array
        for way, mixture in samplers.items()
        for field, array in mixture._asdict().items()
        if array is not None
    }
    artifacts.save_arrays(folder / FILE, arrays)


def load(path: Path) -> dict[str, Mixture]:
    """All samplers of a file by their ways.

    Raises:
        ArtifactError: the file is missing or damaged.
    """
    fields: dict[str, dict[str, object]] = {}
    for name, array in artifacts.load_arrays(path).items():
        way, _, field = name.partition(".")
        fields.setdefault(way, {})[field] = array
    return {way: Mixture(**arrays) for way, arrays in fields.items()}  # type: ignore[arg-type]
