"""Grids of images by epoch, which MLflow shows with a slider, and side by side for several runs."""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

FOLDER = "images"
# What trainings draw that is a picture, by the name of its file.
SHOWN = ("samples", "manifolds")

Drawn = Mapping[int, Mapping[str, npt.NDArray[Any]]]


def log(client: Any, run_id: str, model: str, drawn: Drawn) -> None:
    """Log the pictures that a run lacks.

    Args:
        client: MLflow's.
        run_id: the run.
        model: whose they are; a page groups pictures by it.
        drawn: by epoch, what was drawn after it by name; what is no picture is left out.
    """
    logged = {_place(artifact.path) for artifact in client.list_artifacts(run_id, FOLDER)}
    for epoch, samples in drawn.items():
        for name in SHOWN:
            if name in samples and (f"{model}~{name}", epoch) not in logged:
                client.log_image(run_id, grid(samples[name]), key=f"{model}/{name}", step=epoch)


def grid(images: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """One picture of many images.

    Args:
        images: uint8 (n, height, width, channels), of which a square's worth is shown; or
            (side, side, height, width, channels), whose first row is the lowest.
    """
    if images.ndim == 4:
        side = math.isqrt(len(images))
        square = images[: side * side].reshape(side, side, *images.shape[1:])
    else:
        square = images[::-1]
    rows, columns, height, width, channels = square.shape
    return square.transpose(0, 2, 1, 3, 4).reshape(rows * height, columns * width, channels)


def _place(path: str) -> tuple[str, int]:
    """The key and the step in the name that MLflow gives a picture."""
    key, _, step, *_ = path.removeprefix(f"{FOLDER}/").split("+")
    return key, int(step)
