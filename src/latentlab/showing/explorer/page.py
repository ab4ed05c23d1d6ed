"""The explorer as one HTML file that needs neither network nor server."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from latentlab.core.arrays import Images
from latentlab.showing import pages
from latentlab.showing.explorer import sheets
from latentlab.showing.figures import style

SCRIPTS = ("sheets.js", "plane.js", "map.js", "walk.js", "samples.js", "main.js")
NUM_NEIGHBOURS = 6
# Of a coordinate, far finer than the grid.
DECIMALS = 4


class Explored(NamedTuple):
    """A model with a plane of latents.

    Attributes:
        name: its key.
        title: its name for people.
        has_prior: whether it was trained to make images of latents from N(0, I).
        conditional: whether it is told the class; the page's images are then of class 0.
        latent_dim: dimensions of z.
        points: of the test images on the plane, (n, 2).
        images: decoded over the plane, uint8 (side, side, height, width, channels).
        axes: coordinates of these images, (2, side).
        errors: of blending between them, in grey levels, at some places between them, (cells, cells).
    """

    name: str
    title: str
    has_prior: bool
    conditional: bool
    latent_dim: int
    points: npt.NDArray[np.float32]
    images: Images
    axes: npt.NDArray[np.float32]
    errors: npt.NDArray[np.float32]


class Walked(NamedTuple):
    """A model without an encoder, and walks between its samples.

    Attributes:
        name: its key.
        title: its name for people.
        conditional: whether it is told the class; its images are then of class 0.
        images: of the walk between every two samples, uint8 (pairs, steps, height, width, channels), pairs in
            the order of ``itertools.combinations``.
    """

    name: str
    title: str
    conditional: bool
    images: Images


def render(
    models: Sequence[Explored],
    walks: Sequence[Walked],
    images: Images,
    labels: npt.NDArray[np.uint8],
    num_classes: int,
    warning: str = "",
) -> str:
    """The page.

    Args:
        models: those with a plane, one or more, each with a point for every image.
        walks: of models that have none.
        images: test images, uint8 (n, height, width, channels).
        labels: of those images, (n,), classes counted from 0.
        num_classes: of the data.
        warning: what is said first; nothing where it is empty.

    Raises:
        ValueError: points, images and labels differ in number.
    """
    counts = {len(images), len(labels), *(len(model.points) for model in models)}
    if len(counts) != 1:
        raise ValueError(f"expected as many points as images and labels, got {sorted(counts)}")
    environment = pages.environment("latentlab.showing.explorer", "web")
    # Compressing is nearly all of the page's time, and holds no lock of Python's.
    with ThreadPoolExecutor() as pool:
        described, walked = list(pool.map(_describe, models)), list(pool.map(_describe_walks, walks))
    content = {
        "shape": list(images.shape[1:]),
        "colours": [_hex(colour) for colour in style.class_colours(num_classes)],
        "labels": labels.tolist(),
        "tests": sheets.data_uri(images),
        "models": described,
        "walks": walked,
    }
    return environment.get_template("explorer.html").render(
        content=content,
        models=models,
        walks=walks,
        scripts=SCRIPTS,
        num_classes=num_classes,
        warning=warning,
        num_neighbours=NUM_NEIGHBOURS,
    )


def _describe(model: Explored) -> dict[str, Any]:
    """What the page's script knows of a model."""
    return {
        "name": model.name,
        "title": model.title,
        "latentDim": model.latent_dim,
        "side": len(model.images),
        "ranges": [[float(axis[0]), float(axis[-1])] for axis in model.axes],
        "points": [[round(float(value), DECIMALS) for value in point] for point in model.points],
        "sheet": sheets.data_uri(model.images.reshape(-1, *model.images.shape[2:])),
    }


def _describe_walks(walked: Walked) -> dict[str, Any]:
    """The same of walks."""
    _, steps, *shape = walked.images.shape
    return {"name": walked.name, "steps": steps, "sheet": sheets.data_uri(walked.images.reshape(-1, *shape))}


def _hex(colour: npt.NDArray[np.float64]) -> str:
    return "#" + "".join(f"{round(255 * value):02x}" for value in colour)
