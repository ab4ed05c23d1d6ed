"""What earlier stages wrote, as the page needs it; the only part of the report that reads files."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from latentlab.core import artifacts, origin
from latentlab.core.origin import Origin
from latentlab.families import params
from latentlab.showing.report import pictures, story, weights
from latentlab.showing.report.pictures import Picture

# Images of each kind in the page's first picture.
NUM_SAMPLES = 12


@dataclass(frozen=True)
class Outputs:
    """All that the page is made of.

    Attributes:
        params: all of params.yaml, by section.
        origin: the preset that they come from.
        data: what ``prepare`` says of the images.
        metrics, verdict: all of ``reports/metrics.json`` and ``reports/verdict.json``.
        histories: the records of each model's epochs.
        threads: with which each model was trained.
        networks: the parameters of each saved network, by model.
        samples: a row of images of each model, real ones under ``real``.
        grids: the GAN's samples, one grid for each of ``gan.sample_epochs``.
        figures: drawn by ``figures``, by file name.
    """

    params: dict[str, Any]
    origin: Origin
    data: dict[str, Any]
    metrics: dict[str, Any]
    verdict: dict[str, Any]
    histories: dict[str, Any]
    threads: dict[str, int]
    networks: dict[str, dict[str, int]]
    samples: dict[str, Picture]
    grids: list[Picture]
    figures: dict[str, Picture]


def load() -> Outputs:
    """The outputs that lie in the working directory.

    Raises:
        ArtifactError: one of them is missing or damaged.
        ParamsError: params.yaml is unfit.
    """
    return Outputs(
        params=params.load().model_dump(mode="json"),
        origin=origin.load(),
        data=artifacts.load_json(artifacts.DATA_INFO),
        metrics=artifacts.load_json(artifacts.METRICS),
        verdict=artifacts.load_json(artifacts.VERDICT),
        histories=_of_models("history.json"),
        threads=_of_models("threads.json"),
        networks=_networks(),
        samples=_samples(),
        grids=_grids(artifacts.load_array(artifacts.GAN / "samples.npy")),
        figures=_figures(),
    )


def _of_models(name: str) -> dict[str, Any]:
    """A JSON file of each model that has one."""
    return {
        path.parent.name: artifacts.load_json(path) for path in _in_order(artifacts.MODELS.glob(f"*/{name}"))
    }


def _networks() -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for path in _in_order(artifacts.MODELS.glob("*/*.keras")):
        found.setdefault(path.parent.name, {})[path.stem] = weights.num_parameters(path)
    return found


def _samples() -> dict[str, Picture]:
    # The ways to sample a latent space have a figure of their own.
    files = [file for file in artifacts.ARRAYS.glob("*_samples.npy") if not file.name.startswith("samplers_")]
    paths = {file.name.removesuffix("_samples.npy"): file for file in files}
    rows = {"real": artifacts.load_images("validation")} | {
        name: artifacts.load_array(paths[name]) for name in sorted(paths, key=story.rank)
    }
    return {name: pictures.of_grid(images[:NUM_SAMPLES], NUM_SAMPLES) for name, images in rows.items()}


def _grids(images: npt.NDArray[np.uint8]) -> list[Picture]:
    """One picture an epoch of uint8 (epochs, n, height, width, channels), as square as may be."""
    num_columns = int(np.ceil(np.sqrt(images.shape[1])))
    return [pictures.of_grid(grid, num_columns) for grid in images]


def _figures() -> dict[str, Picture]:
    paths = sorted(artifacts.FIGURES.iterdir())
    # Compressing is nearly all of the page's time, and holds no lock of Python's.
    with ThreadPoolExecutor() as pool:
        return dict(zip((path.name for path in paths), pool.map(_figure, paths), strict=True))


def _figure(path: Path) -> Picture:
    return pictures.of_file(artifacts.load_bytes(path), path.suffix)


def _in_order(paths: Any) -> list[Path]:
    """By model as the story tells of them, then by name."""
    return sorted(paths, key=lambda path: (story.rank(path.parent.name), path))
