"""What a result was made of: commit, machine, params and code, and which of these are no longer so."""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from dvc.exceptions import DvcException
from dvc.utils.hydra import apply_overrides
from ruamel.yaml import YAML

from benchmarks import machine
from latentlab.core import digests, presets, settings
from latentlab.core.settings import PARAMS
from scripts.reproduce import CODE

ROOT = Path(__file__).resolve().parents[1]
# What the stages that decide scores begin with, and how pages call their code.
WORK = {"prepare": "of the data", "train": "of trainings", "score": "of scores"}
# Where images lie is nobody's business, and decides nothing.
PLACE = "data.path"
# Enough to tell versions of one folder apart.
DIGITS = 12

Ingredients = dict[str, Any]


def of(commit: str, preset: str, changes: list[str]) -> Ingredients:
    """What a run of this commit is made of.

    Args:
        commit: what is checked out.
        preset: laid over params.yaml as committed.
        changes: of its params, as ``section.key=value``.

    Returns:
        ``commit``, ``preset``, ``changes``, ``machine``, ``params`` by dotted key, and a digest of the
        ``code`` of each kind of work.
    """
    told = [change for change in changes if not change.startswith(f"{PLACE}=")]
    return {
        "commit": commit[:7],
        "preset": preset,
        "changes": told,
        "machine": machine.describe(),
        "params": params(preset, told),
        "code": code(),
    }


def since(found: Ingredients) -> str:
    """What has changed since a result was made, as the end of a paragraph; empty if nothing has."""
    now = {"params": params(found["preset"], found["changes"]), "code": code()}
    keys = [f"`{key}`" for key in differing(found["params"], now["params"])]
    kinds = [WORK[kind] for kind in differing(found["code"], now["code"])]
    said = keys + ([f"code {_listed(kinds)}"] if kinds else [])
    return f" Changed since then: {', '.join(said)}." if said else ""


def _listed(names: list[str]) -> str:
    """Names as a sentence has them: ``a, b and c``."""
    *others, last = names
    return f"{', '.join(others)} and {last}" if others else last


def differing(then: dict[str, Any], now: dict[str, Any]) -> list[str]:
    """The keys that one of two has alone, or whose values differ, those of today first."""
    absent = object()
    return [key for key in now | then if then.get(key, absent) != now.get(key, absent)]


def params(preset: str, changes: list[str]) -> dict[str, Any]:
    """A preset's values of params.yaml as committed, with changes, by dotted key, but where images lie."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / PARAMS
        base = presets.committed() or (ROOT / PARAMS).read_text(encoding="utf-8")
        write_params(path, base, preset, changes)
        values = settings.flatten(settings.read(path))
    return {key: value for key, value in values.items() if key != PLACE}


def write_params(path: Path, base: str, preset: str, changes: list[str]) -> None:
    """Write a preset laid over the text of params.yaml, with changes as ``dvc exp run -S`` takes them.

    Raises:
        SystemExit: a change is none.
    """
    text = presets.apply(preset, base, ROOT / presets.FOLDER)
    path.write_text(text, encoding="utf-8", newline="\n")
    if not changes:
        return
    try:
        apply_overrides(path, changes)
    except DvcException as error:
        sys.exit(f"error: SET: expected section.key=value as `dvc exp run -S` takes it, got {error}")


def code() -> dict[str, str]:
    """A digest of all that the stages of each kind of work depend on of the repository's code."""
    stages = YAML(typ="safe").load(ROOT / "dvc.yaml")["stages"]
    return {kind: _digest(_files(stages, kind)) for kind in WORK}


def _files(stages: dict[str, Any], kind: str) -> list[str]:
    deps = {dep for name, stage in stages.items() if name.startswith(kind) for dep in stage["deps"]}
    return sorted(dep for dep in deps if dep.startswith(CODE))


def _digest(paths: list[str]) -> str:
    return digests.of_json({path: digests.sha256(ROOT / path) for path in paths})[:DIGITS]
