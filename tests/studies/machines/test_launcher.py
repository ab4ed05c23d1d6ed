"""Who starts the processes of one training: which machines, and how all end."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from latentlab.core.errors import TrainingError
from latentlab.core.process import MACHINES
from studies.experiments import engine
from studies.machines import launcher
from tests.imports import ROOT
from tests.living import living, needs_proc, wait_until

NODES = [
    {"NodeID": name, "NodeManagerAddress": f"10.0.0.{place}", "Alive": alive}
    for place, (name, alive) in enumerate((("a", True), ("b", True), ("c", False), ("d", True)), 1)
]


class Ray:
    """One that is asked from node b, and whose tasks have ended, by name."""

    def __init__(self, **ended: str | Exception) -> None:
        """Give what each task that has ended came to."""
        self.ended = ended
        self.exceptions = SimpleNamespace(RayError=ConnectionError)

    def nodes(self) -> list[Any]:
        return NODES

    def get_runtime_context(self) -> Any:
        return SimpleNamespace(gcs_address="127.0.0.1:1", get_node_id=lambda: "b")

    def wait(self, pending: list[str], timeout: float) -> tuple[list[str], list[str]]:
        time.sleep(min(timeout, 0.05))
        done = [name for name in pending if name in self.ended][:1]
        return done, [name for name in pending if name not in done]

    def get(self, name: str) -> str:
        came = self.ended[name]
        if isinstance(came, Exception):
            raise came
        return came


class Leader:
    """A process that ends when it was looked at so many times."""

    def __init__(self, looks: int) -> None:
        """Live for so long."""
        self.looks = looks

    def poll(self) -> int | None:
        self.looks -= 1
        return 0 if self.looks < 0 else None


def living_for(looks: int) -> Any:
    """In place of a process of the system."""
    return Leader(looks)


@pytest.fixture(autouse=True)
def head(monkeypatch: pytest.MonkeyPatch) -> None:
    """One that answers."""
    monkeypatch.setattr(engine, "require_head", lambda address: None)
    monkeypatch.setattr(launcher, "LOOK_SECONDS", 0.01)


def test_this_machine_leads_and_each_has_a_port_of_its_own() -> None:
    addresses = ["10.0.0.2:10200", "10.0.0.1:10201", "10.0.0.4:10202"]
    machines = launcher._chosen(Ray(), None)
    assert [machine.address for machine in machines] == addresses
    assert launcher._chosen(Ray(), 2) == machines[:2]
    told = json.loads(launcher._told(machines, 1)[MACHINES])
    assert told == {"cluster": {"worker": addresses}, "task": {"type": "worker", "index": 1}}


@pytest.mark.parametrize("number", [1, 4])
def test_numbers_of_machines_that_cannot_be_are_refused(number: int) -> None:
    with pytest.raises(TrainingError, match=f"WORKERS to be 2 to the 3 machines .*, got {number}"):
        launcher._chosen(Ray(), number)


def test_the_first_may_go_on_once_the_others_are_done() -> None:
    launcher._wait(Ray(a="", b=""), living_for(5), {"a": "10.0.0.1", "b": "10.0.0.2"})


@pytest.mark.parametrize(
    ("came", "said"),
    [("exit code 1\nno data", "exit code 1\nno data"), (ConnectionError("it died\nat length"), "it died")],
)
def test_another_machine_that_ends_ends_all(came: str | Exception, said: str) -> None:
    with pytest.raises(TrainingError) as caught:
        launcher._wait(Ray(b=came), living_for(10**6), {"a": "10.0.0.1", "b": "10.0.0.2"})
    assert str(caught.value).startswith(
        "the training ended on 10.0.0.2, and so on all machines. Run the same"
    )
    assert str(caught.value).endswith(f" 10.0.0.2 said: {said}")


def test_one_that_was_deserted_leaves_the_word_to_who_ended_first() -> None:
    """This machine, of which DVC tells, or one that is heard later."""
    left = f"exit code 1\n{launcher.GONE}, so it stops on all."
    hosts = {"a": "10.0.0.1", "b": "10.0.0.2"}
    launcher._wait(Ray(a=left, b=left), living_for(5), hosts)
    with pytest.raises(TrainingError, match=r"ended on 10\.0\.0\.2, .* said: exit code -9"):
        launcher._wait(Ray(a=left, b="exit code -9"), living_for(10**6), hosts)


def test_one_that_was_deserted_has_the_word_where_nobody_else_does(monkeypatch: pytest.MonkeyPatch) -> None:
    """As where this machine hangs."""
    monkeypatch.setattr(launcher, "END_SECONDS", 0.1)
    with pytest.raises(TrainingError, match=r"ended on 10\.0\.0\.1, .* said: another machine"):
        launcher._wait(Ray(a=launcher.GONE), living_for(10**6), {"a": "10.0.0.1", "b": "10.0.0.2"})


def test_it_knows_what_a_deserted_machine_says() -> None:
    assert f'"{launcher.GONE}, so' in (ROOT / "src" / "latentlab" / "learning" / "devices.py").read_text()


@pytest.fixture
def clone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory where DVC notes what it was given and starts a stage."""
    dvc = tmp_path / "dvc"
    dvc.write_text(f"#!/bin/sh\necho $* $TOLD > given\n{sys.executable} -c 'import time; time.sleep(60)'\n")
    dvc.chmod(0o700)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    return tmp_path


def wait_for_stage(clone: Path) -> None:
    wait_until(lambda: bool(living(clone, "-c import time; time.sleep(60)")), 30, "the stage runs")


@needs_proc
def test_what_runs_here_ends_with_what_went_wrong(clone: Path) -> None:
    """DVC and the stage that it started."""

    def fail() -> None:
        with launcher._leading("gan", {"TOLD": "told"}):
            wait_for_stage(clone)
            raise TrainingError

    with pytest.raises(TrainingError):
        fail()
    assert (clone / "given").read_text() == "repro --single-item train_gan told\n"
    wait_until(lambda: set(living(clone)) == {os.getpid()}, 30, "nothing is left")


@needs_proc
def test_what_runs_here_ends_with_who_started_it(clone: Path) -> None:
    code = "import time\nfrom studies.machines import launcher\n"
    code += "with launcher._leading('gan', {}): time.sleep(60.0)"
    environment = os.environ | {"PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"}
    with subprocess.Popen([sys.executable, "-c", code], env=environment) as process:
        wait_for_stage(clone)
        process.kill()
    wait_until(lambda: set(living(clone)) == {os.getpid()}, 30, "nothing is left")
