"""A repository whose pipeline is one stage that takes no time, for tests of what runs many experiments."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from shutil import copy

import pytest

from tests import presets
from tests.imports import ROOT

PIPELINE = """
stages:
  train:
    cmd: python stages/train.py
    params: [seed, gan.dropout]
    deps: [stages/train.py]
    metrics: [reports/metrics.json]
"""
# Counts its runs outside of the copy that it runs in; waits while it is held, and fails for seed 2 until it
# is let pass. Like the pipeline's own stages it ends with DVC.
STAGE = """
import json, os, pathlib, sys, time
from latentlab.core import process
from ruamel.yaml import YAML

def main():
    params = YAML(typ="safe").load(pathlib.Path("params.yaml"))
    seed, state = params["seed"], pathlib.Path(os.environ["DVC_ROOT"], ".latentlab")
    with (state / "log").open("a") as log:
        log.write(f"{seed}\\n")
    while (state / "hold").exists():
        time.sleep(0.1)
    if seed == 2 and not (state / "pass").exists():
        sys.exit("broken on purpose")
    scores = {"num_samples": 10, "kernel_distance": 2.0 * seed + 1, "recall": params["gan"]["dropout"]}
    measured = {"features": {"sha256": "a"}, "protocol": {"test_split_sha256": "b"}}
    path = pathlib.Path("reports", "metrics.json")
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps({"vae": scores, "gan": scores, **measured}))

process.run(main)
"""


needs_ray = pytest.mark.skipif(find_spec("ray") is None, reason="`make test` installs Ray")


def git(*arguments: str) -> str:
    command = ["git", "-c", "user.name=t", "-c", "user.email=t@localhost", *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


@contextmanager
def started(script: str, *arguments: str, **variables: str) -> Iterator["subprocess.Popen[str]"]:
    """A module of `scripts/`, in a process group of its own; without MLflow, which takes seconds."""
    code = f"from studies.seeds import row; row.track = lambda *_: None\nfrom scripts import {script}\n"
    code += f"from latentlab.core import process; process.run({script}.main)"
    with subprocess.Popen(
        [sys.executable, "-c", code, *arguments],
        env=os.environ | {"PYTHONPATH": str(ROOT)} | variables,
        start_new_session=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        yield process


def run(script: str, *arguments: str, code: int = 0, **variables: str) -> str:
    """Run a module of `scripts/` to its end, which is this exit code; what it printed."""
    with started(script, *arguments, **variables) as process:
        printed, _ = process.communicate()
    assert process.returncode == code, printed
    return printed


def create(folder: Path) -> None:
    """Make a repository with that pipeline of a folder, which becomes the working directory."""
    os.chdir(folder)
    for name in (".dvc", "stages", "src", ".latentlab"):
        (folder / name).mkdir()
    for name in (".gitignore", ".dvc/config", ".dvc/.gitignore"):
        copy(ROOT / name, folder / name)
    presets.write("tiny", folder / "params.yaml")
    (folder / "dvc.yaml").write_text(PIPELINE)
    (folder / "stages" / "train.py").write_text(STAGE)
    git("init", "--quiet")
    git("add", ".")
    git("commit", "--quiet", "--message", "Start")


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with that pipeline, as the working directory."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    for name in [name for name in os.environ if name.startswith(("DVC_", "RAY_"))]:
        monkeypatch.delenv(name)
    create(tmp_path)
    return tmp_path
