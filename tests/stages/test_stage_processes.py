"""Trainings as processes of their own, with MLflow: how they end when they diverge or are stopped."""

import os
import random
import re
import resource
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from shutil import copytree

import pytest
from ruamel.yaml import YAML

from scripts import stress

pytestmark = pytest.mark.pipeline

GIGABYTE = 2**30


@pytest.fixture(scope="module")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with prepared images and an empty store."""
    project = stress.Project(tmp_path_factory.mktemp("blank"))
    project.create()
    return project.folder


@pytest.fixture
def folder(blank: Path, tmp_path: Path) -> Path:
    """A copy of the project with an older model in it."""
    folder = copytree(blank, tmp_path / "project")
    (folder / "models" / "vae").mkdir(parents=True)
    (folder / "models" / "vae" / "decoder.keras").write_text("an older model")
    return folder


def set_params(folder: Path, **changes: float) -> None:
    """Change params by section and key: ``vae__epochs=3``."""
    yaml, path = YAML(), folder / "params.yaml"
    content = yaml.load(path)
    for name, value in changes.items():
        section, key = name.split("__")
        content[section][key] = value
    yaml.dump(content, path)


def limit_memory() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (12 * GIGABYTE, 12 * GIGABYTE))


def start(folder: Path, *, limited: bool = False) -> "subprocess.Popen[str]":
    hidden = ("DVC_", "MLFLOW_")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(hidden)}
    return subprocess.Popen(
        [sys.executable, "stages/train.py", "vae"],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        preexec_fn=limit_memory if limited else None,
    )


def run_status(folder: Path) -> list[str]:
    with closing(sqlite3.connect(folder / "mlflow.db")) as connection:
        return [status for (status,) in connection.execute("SELECT status FROM runs")]


def assert_the_older_model_is_untouched(folder: Path) -> None:
    [file] = (folder / "models" / "vae").iterdir()
    assert file.read_text() == "an older model"


def test_a_training_that_diverges(folder: Path) -> None:
    set_params(folder, vae__kl_weight=1e38)
    with start(folder) as process:
        said, _ = process.communicate()
    assert process.returncode == 1
    assert "Traceback" not in said
    assert re.search(r"\nerror: (train_kl became nan and )?train_objective became ", said)
    assert "in epoch 1, step " in said
    assert "Last good values: " in said
    assert "vae.learning_rate in params.yaml" in said
    assert run_status(folder) == ["FAILED"]
    assert not list(folder.glob(".latentlab/checkpoints/*/state.npz"))
    assert_the_older_model_is_untouched(folder)


def test_a_model_that_is_larger_than_memory(folder: Path) -> None:
    set_params(folder, vae__dense_units=10**8)
    with start(folder, limited=True) as process:
        said, _ = process.communicate()
    assert process.returncode == 1
    assert said.splitlines()[-1].startswith("error: memory ran out. Set data.limit, smaller batches or")
    assert "Traceback" not in said
    assert run_status(folder) == ["FAILED"]
    assert_the_older_model_is_untouched(folder)


def test_a_kill_of_dvc_alone(folder: Path) -> None:
    """While the stage trains, and after its end, before DVC has noted it."""
    training = stress.Training(stress.Project(folder), "vae")
    training.kill_dvc_alone(random.Random())
    training.kill_dvc_before_it_notes()
    printed = training.end(with_dvc=True)
    assert f"Going on after epoch {stress.EPOCHS} from" in printed
    assert "\nepoch " not in printed
    restored = training.project.outputs("vae")
    assert training.project.num_points("vae") == {stress.EPOCHS}
    # Once DVC has noted the end, a run that is forced trains, and gives the same bytes.
    printed = training.project.finish(*stress.REPRO, "--force", "train_vae")
    assert printed.count("\nepoch ") == stress.EPOCHS
    assert training.project.outputs("vae") == restored


def test_a_kill_of_dvc_behind_a_shell(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """DVC runs what SHELL names, or this; on Debian it waits for the stage, where Bash becomes the stage."""
    monkeypatch.setenv("SHELL", "/bin/sh")
    stress.Training(stress.Project(folder), "vae").kill_dvc_alone(random.Random())


def test_an_interrupt_from_the_keyboard(folder: Path) -> None:
    """Its continuation to the same bytes is part of `make stress`."""
    with start(folder) as process:
        assert process.stdout
        for line in process.stdout:
            if line.startswith("epoch 2/"):
                break
        time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        said = process.stdout.read()
    assert process.returncode == 130
    assert "Traceback" not in said
    assert run_status(folder) == ["KILLED"]
    assert list(folder.glob(".latentlab/checkpoints/*/state.npz"))
    assert_the_older_model_is_untouched(folder)
