"""How many parameters a saved network has, counted without TensorFlow."""

import io
import zipfile
from pathlib import Path

import h5py

from latentlab.core import artifacts

WEIGHTS = "model.weights.h5"


def num_parameters(path: Path) -> int:
    """The parameters in a ``.keras`` file, with those that training moves without a gradient.

    The states of random generators, which are integers, are none.

    Raises:
        ArtifactError: the file is missing.
    """
    sizes: list[int] = []

    def note(_: str, item: h5py.Group | h5py.Dataset) -> None:
        if isinstance(item, h5py.Dataset) and item.dtype.kind == "f":
            sizes.append(item.size)

    saved = zipfile.ZipFile(io.BytesIO(artifacts.load_bytes(path)))
    h5py.File(io.BytesIO(saved.read(WEIGHTS))).visititems(note)
    return sum(sizes)
