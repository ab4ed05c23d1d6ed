"""What is noted of a stage that runs under the benchmark."""

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from benchmarks import pipeline, timed_stage
from latentlab.core import process
from latentlab.learning import loop

STAGE = """
import sys, time
from pathlib import Path
from latentlab.core import process
def main():
    time.sleep(0.05)
    Path("told").write_text(" ".join(sys.argv))
time.sleep(0.2)
process.run(main)
"""
TRAINING = """
import time
from latentlab.learning import loop
loop.fit(report=lambda history: time.sleep(0.5))
"""


@pytest.fixture(autouse=True)
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(timed_stage.LOG, "log.jsonl")
    # What timing replaces is put back.
    monkeypatch.setattr(process, "run", process.run)
    monkeypatch.setattr(sys, "argv", [])
    return tmp_path


def run(name: str, text: str, *told: str) -> dict[str, Any]:
    """The record of a stage of this text."""
    Path(name).write_text(text)
    timed_stage.main(Path(name), *told)
    record: dict[str, Any] = json.loads(Path("log.jsonl").read_text())
    return record


@pytest.mark.parametrize(
    ("script", "told", "stage"),
    [
        ("score.py", ["vae"], "score_vae"),
        ("score_references.py", [], "score_references"),
        ("figures.py", [], "figures"),
    ],
)
def test_all_of_a_scoring_or_drawing_is_work_but_its_start(script: str, told: list[str], stage: str) -> None:
    record = run(script, STAGE, *told)
    assert record["stage"] == stage
    assert 0.05 <= record["seconds"] < 0.2
    assert record["peak_memory_mb"] > 1
    assert Path("told").read_text() == " ".join([script, *told])


def test_preparing_and_tracking_are_no_work() -> None:
    assert run("prepare.py", STAGE)["seconds"] == 0


@pytest.mark.parametrize(("script", "told"), [("train.py", ["vae"]), ("train_vae.py", [])])
def test_a_training_is_work_and_what_it_reports_is_not(
    script: str, told: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fit(*, report: Any) -> None:
        report([])
        time.sleep(0.05)
        report([{}])

    monkeypatch.setattr(loop, "fit", fit)
    record = run(script, TRAINING, *told)
    assert record["stage"] == "train_vae"
    assert 0.05 <= record["seconds"] < 0.4
    [epoch] = record["epoch_seconds"]
    assert 0.05 <= epoch < 0.4


def test_stages_run_under_the_clocks_with_the_clones_own_library(root: Path) -> None:
    """A library that says where it lies, in a clone whose stage is run as DVC runs it."""
    clone = root / "clone"
    for folder in ("src/latentlab/core", "stages"):
        (clone / folder).mkdir(parents=True)
    for package in ("src/latentlab", "src/latentlab/core"):
        (clone / package / "__init__.py").touch()
    (clone / "src/latentlab/core/process.py").write_text("def run(main): main()")
    (clone / "stages/score.py").write_text(
        "from latentlab.core import process\nprocess.run(lambda: print(process.__file__))"
    )
    environment = pipeline.environment(clone, root / "stages.jsonl")
    command = ["python", "stages/score.py", "vae"]
    done = subprocess.run(command, cwd=clone, env=environment, capture_output=True, text=True, shell=False)
    assert done.returncode == 0, done.stderr
    assert Path(done.stdout.strip()) == clone / "src/latentlab/core/process.py"
    assert json.loads((root / "stages.jsonl").read_text())["stage"] == "score_vae"
