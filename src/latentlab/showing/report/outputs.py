"""What earlier stages wrote, as the page needs it; the only part of the report that reads files."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import reduce
from pathlib import Path
from typing import Any

import numpy as np

from latentlab.core import artifacts, origin, places, settings
from latentlab.core.family import Model
from latentlab.core.origin import Origin
from latentlab.showing.figures.curves import History
from latentlab.showing.report import pictures, weights
from latentlab.showing.report.chapters import Chapter, Curves, Grids
from latentlab.showing.report.pictures import Picture

# Images of each kind in the page's first picture.
NUM_SAMPLES = 12
# What scores the models, by its title.
CLASSIFIER = {"Classifier for the scores": artifacts.FEATURES}


@dataclass(frozen=True)
class Outputs:
    """All that the page is made of.

    Attributes:
        models: in the order of the page.
        chapters: of the page, in order.
        params: all of params.yaml, by section.
        origin: the preset that they come from.
        data: what ``prepare`` says of the images.
        metrics, verdict, yardstick: all of their files in ``reports``.
        histories: the records by epoch of each exhibit of curves.
        threads: with which each model was trained, by its title.
        networks: the parameters of each saved network, by the title of its model.
        samples: a row of images of each model, real ones under ``real``.
        grids: the pictures by epoch of each exhibit of grids.
        figures: drawn by ``figures``, by file name.
    """

    models: Sequence[Model]
    chapters: Sequence[Chapter]
    params: dict[str, Any]
    origin: Origin
    data: dict[str, Any]
    metrics: dict[str, Any]
    verdict: dict[str, Any]
    yardstick: dict[str, Any]
    histories: dict[str, History]
    threads: dict[str, int]
    networks: dict[str, dict[str, int]]
    samples: dict[str, Picture]
    grids: dict[str, dict[str, Picture]]
    figures: dict[str, Picture]


def load(models: Sequence[Model], chapters: Sequence[Chapter]) -> Outputs:
    """The outputs that lie in the working directory.

    Args:
        models: those to tell of, in order.
        chapters: what is told, in order.

    Raises:
        ArtifactError: one of the outputs is missing or damaged.
        ParamsError: params.yaml cannot be read.
    """
    params = settings.read()
    folders = {model.title: model.folder for model in models} | CLASSIFIER
    instead = {exhibit.name: exhibit.instead for chapter in chapters for exhibit in chapter.exhibits}
    return Outputs(
        models,
        chapters,
        params,
        origin=origin.load(),
        data=artifacts.load_json(artifacts.DATA_INFO),
        metrics=artifacts.load_json(artifacts.METRICS),
        verdict=artifacts.load_json(artifacts.VERDICT),
        yardstick=artifacts.load_json(artifacts.YARDSTICK),
        histories={name: _history(drawn) for name, drawn in instead.items() if isinstance(drawn, Curves)},
        threads=_threads(folders),
        networks={title: _networks(folder) for title, folder in folders.items()},
        samples=_samples(models),
        grids={name: _grids(drawn, params) for name, drawn in instead.items() if isinstance(drawn, Grids)},
        figures=_figures(),
    )


def _history(curves: Curves) -> History:
    records: History = _at(curves.key, artifacts.load_json(curves.records))
    return records


def _grids(grids: Grids, params: Mapping[str, Any]) -> dict[str, Picture]:
    """One picture an epoch, as square as may be."""
    images = artifacts.load_array(grids.images)
    num_columns = int(np.ceil(np.sqrt(images.shape[1])))
    names = [f"epoch {epoch}" for epoch in _at(grids.epochs, params)]
    return {name: pictures.of_grid(made, num_columns) for name, made in zip(names, images, strict=True)}


def _at(key: str, content: Any) -> Any:
    """What lies under a dotted key; all of it under none."""
    return reduce(lambda section, name: section[name], key.split(".") if key else (), content)


def _threads(folders: Mapping[str, Path]) -> dict[str, int]:
    paths = {title: folder / "threads.json" for title, folder in folders.items()}
    return {title: artifacts.load_json(path) for title, path in paths.items() if path.exists()}


def _networks(folder: Path) -> dict[str, int]:
    return {path.stem: weights.num_parameters(path) for path in sorted(folder.glob("*.keras"))}


def _samples(models: Sequence[Model]) -> dict[str, Picture]:
    paths = {path.parent.name: path for path in places.SCORED.glob("*/*/samples.npy")}
    rows = {"real": artifacts.load_images("validation")} | {
        model.name: artifacts.load_array(paths[model.name]) for model in models if model.name in paths
    }
    return {name: pictures.of_grid(images[:NUM_SAMPLES], NUM_SAMPLES) for name, images in rows.items()}


def _figures() -> dict[str, Picture]:
    paths = sorted(artifacts.FIGURES.iterdir())
    # Compressing is nearly all of the page's time, and holds no lock of Python's.
    with ThreadPoolExecutor() as pool:
        return dict(zip((path.name for path in paths), pool.map(_figure, paths), strict=True))


def _figure(path: Path) -> Picture:
    return pictures.of_file(artifacts.load_bytes(path), path.suffix)
