"""The pipeline as dvc.yaml defines it, and its stages as functions."""

import importlib
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from tests.imports import ROOT

STAGES: dict[str, Any] = YAML(typ="safe").load(ROOT / "dvc.yaml")["stages"]
# The stages that read and write files alone, but for the pages at the end.
ORDER = [name for name in STAGES if name not in ("explorer", "report", "track")]
MADE = ("data", "models", "reports")
# What Git keeps, and DVC's cache does not.
COMMITTED = ["data/preset.json"]


def script(stage: str) -> Path:
    """The file that a stage runs."""
    return ROOT / STAGES[stage]["cmd"].split()[1]


def families(stage: str) -> list[str]:
    """The family that a stage is told to train or score; nothing for all other stages."""
    return STAGES[stage]["cmd"].split()[2:]


def main(stage: str) -> Callable[[], None]:
    """What a stage does, in this process."""
    return partial(importlib.import_module(f"stages.{script(stage).stem}").main, *families(stage))


def outputs(stage: str) -> list[str]:
    """The paths that a stage writes."""
    entries = [*STAGES[stage].get("outs", []), *STAGES[stage].get("metrics", [])]
    # One with settings of its own is a mapping.
    return [next(iter(entry)) if isinstance(entry, dict) else entry for entry in entries]


def inputs(stage: str) -> list[str]:
    """The paths that a stage reads of what others write."""
    return [dep for dep in STAGES[stage]["deps"] if dep.split("/")[0] in MADE]


def code(stage: str) -> list[str]:
    """The files and folders of code that a stage names."""
    return [dep for dep in STAGES[stage]["deps"] if dep.split("/")[0] in ("src", "stages")]
