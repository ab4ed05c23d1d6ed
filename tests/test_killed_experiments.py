"""Experiments that are killed with SIGKILL go on where they were, in folders that are not those of before."""

import json
import os
import signal
import time
from pathlib import Path
from shutil import rmtree
from typing import Any

import pytest
from ruamel.yaml import YAML

from tests.dvc_project import Project

pytestmark = pytest.mark.pipeline

EPOCHS = 40
EXPERIMENT = ("dvc", "exp", "run", "--set-param", f"vae.epochs={EPOCHS}")
TARGET = "train_vae"


@pytest.fixture(scope="module")
def straight(tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, Any]:
    """A project in which an experiment once ran undisturbed, which only its model's hash remembers."""
    project = Project.create(tmp_path_factory.mktemp("killed") / "latentlab")
    project.run(*EXPERIMENT, "--temp", "--name", "straight", TARGET)
    return project, outputs(project, "straight")


@pytest.fixture
def project(straight: tuple[Project, Any]) -> Project:
    """The project without anything that could spare the experiment its training."""
    project, _ = straight
    for kept in (".latentlab", ".dvc/cache/runs"):
        rmtree(project.folder / kept)
    return project


def outputs(project: Project, experiment: str) -> Any:
    """What DVC noted of the model that an experiment trained."""
    pattern = f"refs/exps/*/*/{experiment}"
    commit = project.run("git", "for-each-ref", "--format=%(objectname)", pattern).strip()
    lock = project.run("git", "show", f"{commit}:dvc.lock")
    return YAML(typ="safe").load(lock)["stages"][TARGET]["outs"]


def wait_until_an_epoch_is_saved(project: Project) -> None:
    """As a checkpoint of the experiment."""
    deadline = time.monotonic() + 120
    while not list(project.folder.glob(".latentlab/checkpoints/*/state.npz")):
        assert time.monotonic() < deadline, "no checkpoint came"
        time.sleep(0.02)


def wait_for_queue(project: Project, status: str) -> None:
    """Wait until some task has come to this status."""
    deadline = time.monotonic() + 120
    while status not in (shown := project.run("dvc", "queue", "status")):
        assert time.monotonic() < deadline, shown
        time.sleep(1)


def kill_the_task(project: Project) -> None:
    """Kill the process of DVC that runs the one queued experiment; its worker lives to see it."""
    files = project.folder.glob(".dvc/tmp/exps/run/*/*.json")
    [pid] = [task["pid"] for task in map(read_json, files) if task["returncode"] is None]
    os.kill(pid, signal.SIGKILL)


def read_json(path: Path) -> Any:
    return json.loads(path.read_text())


def assert_it_went_on(printed: str) -> None:
    assert "Going on after epoch " in printed
    assert f"\nepoch {EPOCHS}/" in printed
    assert "\nepoch 1/" not in printed


def test_a_temporary_experiment(straight: tuple[Project, Any], project: Project) -> None:
    command = (*EXPERIMENT, "--temp", "--name", "temporary", TARGET)
    with project.started(*command) as process:
        wait_until_an_epoch_is_saved(project)
        os.killpg(process.pid, signal.SIGKILL)
    assert process.returncode == -signal.SIGKILL
    assert_it_went_on(project.run(*command))
    assert outputs(project, "temporary") == straight[1]


def test_a_queued_experiment(straight: tuple[Project, Any], project: Project) -> None:
    project.run(*EXPERIMENT, "--queue", "--name", "killed", TARGET)
    project.start_queue()
    wait_until_an_epoch_is_saved(project)
    kill_the_task(project)
    wait_for_queue(project, "Failed")
    project.run(*EXPERIMENT, "--queue", "--name", "again", TARGET)
    project.start_queue()
    wait_for_queue(project, "Success")
    project.stop_queue()
    assert_it_went_on(project.run("dvc", "queue", "logs", "again"))
    assert outputs(project, "again") == straight[1]
