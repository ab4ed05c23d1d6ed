"""The repository's presets, laid over its params.yaml as that lies here, whatever is committed."""

from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from latentlab.core import presets, settings
from latentlab.families import params
from tests.imports import ROOT

FOLDER = ROOT / presets.FOLDER


def text(name: str = presets.DEFAULT) -> str:
    """All of params.yaml at a preset."""
    return presets.apply(name, (ROOT / "params.yaml").read_text(encoding="utf-8"), FOLDER)


def values(name: str = presets.DEFAULT) -> dict[str, Any]:
    """The same by section, as it is written."""
    content: dict[str, Any] = YAML(typ="safe", pure=True).load(text(name))
    return content


def load(name: str = presets.DEFAULT) -> Any:
    """The same, checked and typed."""
    return settings.check(params.schema(), values(name), presets.file(name))


def write(name: str, path: Path) -> Path:
    """The same as a file."""
    path.write_text(text(name), encoding="utf-8")
    return path
