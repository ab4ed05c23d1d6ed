"""Keras models on disk, the same bytes for the same weights."""

import json
import re
import zipfile
from pathlib import Path
from typing import Any

import keras

from latentlab.core import artifacts
from latentlab.core.errors import ArtifactError


def save_model(path: Path, model: keras.Model) -> None:
    """Save a model as ``.keras`` without what differs from one process to the next.

    Keras writes the time of saving, and identifies objects that several layers share by their
    addresses; stock Keras loads the file all the same.
    """
    with artifacts.replacing(path) as temporary:
        raw = temporary.with_name(f"raw_{temporary.name.lstrip('.')}")
        try:
            model.save(raw)
            _normalise(raw, temporary)
        finally:
            raw.unlink(missing_ok=True)


def load_model(path: Path) -> keras.Model:
    """Load a model in Keras' safe mode, which runs no code from the file.

    Raises:
        ArtifactError: the file is missing or damaged.
    """
    if not path.exists():
        raise ArtifactError(f"{path} is missing. Run `dvc repro`, which makes it.")
    try:
        return keras.saving.load_model(path, compile=False, safe_mode=True)
    except Exception as error:  # A damaged archive fails in as many ways as it has parts.
        raise ArtifactError(
            f"{path} is damaged: {error}. Delete it and run `dvc repro`, which makes it again."
        ) from error


def signature(model: keras.Model) -> dict[str, Any]:
    """The shapes of one example that a model takes and gives; several inputs or outputs are named."""
    return {
        "inputs": _shapes(model.inputs, [tensor.name for tensor in model.inputs]),
        # A sequential model has one output and no name for it.
        "outputs": _shapes(model.outputs, getattr(model, "output_names", [""])),
    }


def _shapes(tensors: list[Any], names: list[str]) -> list[int] | dict[str, list[int]]:
    shapes = {name: list(tensor.shape[1:]) for name, tensor in zip(names, tensors, strict=True)}
    return shapes if len(shapes) > 1 else shapes[names[0]]


def _normalise(source: Path, target: Path) -> None:
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in sorted(old.namelist()):
            content = old.read(name)
            if name == "metadata.json":
                content = _without_date(content)
            if name == "config.json":
                content = _renumber(content)
            new.writestr(zipfile.ZipInfo(name, artifacts.FIXED_TIME), content)


def _without_date(metadata: bytes) -> bytes:
    content: dict[str, Any] = json.loads(metadata)
    content["date_saved"] = "1980-01-01@00:00:00"
    return json.dumps(content).encode()


def _renumber(config: bytes) -> bytes:
    numbers: dict[bytes, int] = {}

    def number(match: re.Match[bytes]) -> bytes:
        return match[1] + str(numbers.setdefault(match[2], len(numbers) + 1)).encode()

    return re.sub(rb'("shared_object_id": )(\d+)', number, config)
