"""The default pipeline from a clean clone: how long it takes, and which share of it is no work."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from benchmarks import timed_stage
from benchmarks.results import rounded
from benchmarks.rounds import ROOT
from latentlab.core import presets
from scripts.reproduce import make_clone


def measure() -> dict[str, Any]:
    """Seconds of `dvc repro` with the default's params, and the share outside of its stages' work."""
    with clean_clone() as (clone, log):
        start = time.perf_counter()
        subprocess.run(["dvc", "repro"], cwd=clone, env=environment(clone, log), check=True)
        total = time.perf_counter() - start
        return summarise(total, records(log))


@contextmanager
def clean_clone() -> Iterator[tuple[Path, Path]]:
    """A clone with params.yaml as committed, for so long, and the file for the records of its stages."""
    with tempfile.TemporaryDirectory() as temporary:
        clone = Path(temporary, "latentlab")
        make_clone(ROOT, clone)
        subprocess.run(["git", "restore", "params.yaml"], cwd=clone, check=True)
        yield clone, Path(temporary, "stages.jsonl")


def write_params(clone: Path, preset: str, changes: Mapping[str, Mapping[str, Any]]) -> None:
    """Make params.yaml of a clone a preset, with changes by section and key."""
    yaml = YAML()
    base = (clone / "params.yaml").read_text(encoding="utf-8")
    values = yaml.load(presets.apply(preset, base, clone / presets.FOLDER))
    for section, changed in changes.items():
        values[section] |= changed
    yaml.dump(values, clone / "params.yaml")


def records(log: Path) -> list[dict[str, Any]]:
    """What `timed_stage` noted of each stage, in the order of their ends."""
    return [json.loads(line) for line in log.read_text().splitlines()]


def summarise(total_seconds: float, stages: list[dict[str, Any]]) -> dict[str, Any]:
    """The whole, each stage's seconds of training, scoring or drawing, and the share of all the rest."""
    work = {record["stage"]: record["seconds"] for record in stages if record["seconds"]}
    return {
        "total_seconds": rounded(total_seconds),
        "work_seconds": {name: rounded(seconds) for name, seconds in work.items()},
        "overhead_share": rounded(1 - sum(work.values()) / total_seconds),
    }


def environment(clone: Path, log: Path) -> dict[str, str]:
    """That of DVC, in which `python` runs stages through `timed_stage`."""
    folder = log.parent / "bin"
    folder.mkdir()
    python = folder / "python"
    # The clone's own library, where DVC runs its stages; the benchmark is found after that.
    timed = f'env PYTHONPATH="src:{ROOT}" "{sys.executable}" -P -m {timed_stage.__name__}'
    python.write_text(f'#!/bin/sh\nexec {timed} "$@"\n')
    python.chmod(0o755)
    plain = {name: value for name, value in os.environ.items() if not name.startswith("DVC_")}
    paths = [str(folder), str(Path(sys.executable).parent), plain["PATH"]]
    return plain | {
        "PATH": os.pathsep.join(paths),
        "MLFLOW_TRACKING_URI": f"sqlite:///{clone / 'mlflow.db'}",
        timed_stage.LOG: str(log),
    }
