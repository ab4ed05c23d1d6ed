"""What a model brings to its scoring."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy.typing as npt

from latentlab.core import artifacts
from latentlab.scoring.contenders import Generator


class Entry(NamedTuple):
    """A model that is scored.

    Attributes:
        metrics: what is known of it beside the scores of its images, by section of metrics.json.
        generators: its ways to make images.
    """

    metrics: dict[str, Any]
    generators: list[Generator]


def save_arrays(model: str, arrays: Mapping[str, npt.NDArray[Any]]) -> None:
    """Write arrays of one model that figures show."""
    for name, array in arrays.items():
        artifacts.save_array(artifacts.ARRAYS / f"{model}_{name}.npy", array)
