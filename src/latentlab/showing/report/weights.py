"""How many parameters a saved network has, counted without TensorFlow."""

import io
import zipfile
from pathlib import Path

import h5py

from latentlab.core.errors import ArtifactError

WEIGHTS = "model.weights.h5"


def num_parameters(path: Path) -> int:
    """The parameters in a ``.keras`` file, with those that training moves without a gradient.

    The states of random generators, which are integers, are none.

    Raises:
        ArtifactError: the file is missing or damaged.
    """
    try:
        with zipfile.ZipFile(path) as archive, h5py.File(io.BytesIO(archive.read(WEIGHTS))) as weights:
            return _count(weights)
    except FileNotFoundError as error:
        raise ArtifactError(f"{path} is missing. Run `dvc repro`, which makes it.") from error
    except (OSError, KeyError, zipfile.BadZipFile) as error:
        raise ArtifactError(
            f"{path} is damaged: {error}. Delete it and run `dvc repro`, which makes it again."
        ) from error


def _count(weights: h5py.File) -> int:
    sizes: list[int] = []

    def note(_: str, item: h5py.Group | h5py.Dataset) -> None:
        if isinstance(item, h5py.Dataset) and item.dtype.kind == "f":
            sizes.append(item.size)

    weights.visititems(note)
    return sum(sizes)
