"""Experiments on this machine alone: what an interrupt leaves, what is refused, and what is told."""

import os
import signal
import socket
import sys
import tomllib
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from latentlab.core.errors import ParamsError, TrainingError
from studies.experiments import engine
from studies.experiments.task import Outcome
from tests.imports import ROOT, imported_names
from tests.living import living, needs_proc, wait_until
from tests.stub_pipeline import git, run, started

SWEEP = "title: Two\nmetric: gan.recall\nvary: {gan.dropout: [0.25, 0.5]}\n"


class Ray:
    """One whose tasks end in the order of their names, the last one first."""

    def __init__(self, outcomes: dict[str, Outcome | Exception]) -> None:
        """Give each task's end by its name."""
        self.outcomes = outcomes
        self.exceptions = SimpleNamespace(RayError=ConnectionError)

    def get_runtime_context(self) -> SimpleNamespace:
        return SimpleNamespace(gcs_address="127.0.0.1:1")

    def wait(self, pending: list[str], timeout: float) -> tuple[list[str], list[str]]:
        assert timeout > 0
        *rest, last = sorted(pending)
        return [last], rest

    def get(self, task: str) -> Outcome:
        outcome = self.outcomes[task]
        if isinstance(outcome, Exception):
            raise outcome
        return outcome


def test_each_end_is_told_and_what_failed_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    outcomes: dict[str, Outcome | Exception] = {
        "a": Outcome("one", 12, ""),
        "b": Outcome("two", 3, "`dvc` failed"),
        "c": ConnectionError("the node is gone\nat length"),
    }
    missing = {name: [f"seed={name}"] for name in outcomes}
    failed = engine._wait(Ray(outcomes), {name: name for name in outcomes}, missing)
    assert failed == ["b", "c"]
    printed = capsys.readouterr()
    assert printed.out.splitlines() == [
        "c seed=c: failed on a machine that was lost. the node is gone",
        "b seed=b: failed on two. `dvc` failed",
        "a seed=a: 12 seconds on one",
    ]
    assert "3/3" in printed.err


def test_a_head_that_is_gone_is_told_while_tasks_run() -> None:
    class Silent(Ray):
        def wait(self, pending: list[str], timeout: float) -> tuple[list[str], list[str]]:
            return [], pending

    with pytest.raises(TrainingError, match=r"head, 127\.0\.0\.1:1, does not answer .* run the same again"):
        engine._wait(Silent({}), {"a": "a"}, {"a": []})


def test_a_head_that_answers_is_waited_for() -> None:
    with socket.socket() as head:
        head.bind(("127.0.0.1", 0))
        head.listen()
        engine.require_head(f"127.0.0.1:{head.getsockname()[1]}")


@pytest.mark.parametrize("num_jobs", [0, -1])
def test_no_job_at_a_time_is_refused(num_jobs: int) -> None:
    with (
        pytest.raises(ParamsError, match=f"JOBS: expected 1 or more, got {num_jobs}"),
        engine.started("abc", num_jobs, None),
    ):
        pass


def test_a_cluster_that_could_not_reach_the_commit_is_refused(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with engine.started("abc", 1, None) as made:
        assert made.address is None
    monkeypatch.setenv("RAY_ADDRESS", "10.0.0.1:6379")
    with (
        pytest.raises(TrainingError, match="expected a remote of Git's named origin"),
        engine.started("abc", 1, None),
    ):
        pass


def test_ray_is_asked_for_where_it_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RAY_AUTH_TOKEN", "a")
    modules: dict[str, Any] = sys.modules
    monkeypatch.setitem(modules, "ray", None)
    with pytest.raises(TrainingError, match=r"expected Ray, .*make sweep"), engine.connected(None, 1):
        pass


def test_the_pipeline_neither_needs_nor_imports_it() -> None:
    files = [file for folder in ("src", "stages", "studies") for file in (ROOT / folder).rglob("*.py")]
    users = {
        str(file.relative_to(ROOT))
        for file in files
        if {name.partition(".")[0] for name in imported_names(file)} & {"ray", "optuna"}
    }
    assert users == {"studies/experiments/engine.py", "studies/sweeps/search.py"}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert not [name for name in project["dependencies"] if name.startswith(("ray", "optuna"))]
    assert [name[:3] for name in project["optional-dependencies"]["cluster"]] == ["opt", "ray"]


@pytest.mark.cluster
@needs_proc
def test_an_interrupt_leaves_nothing_and_the_same_again_goes_on(repository: Path) -> None:
    (repository / "sweeps").mkdir()
    (repository / "sweeps" / "two.yaml").write_text(SWEEP)
    hold, log = (repository / ".latentlab" / name for name in ("hold", "log"))
    hold.touch()
    command = ("sweep", "run", "two", "--jobs", "2")
    with started(*command) as process:
        wait_until(lambda: log.exists() and len(log.read_text().split()) == 2, 120, "both stages run")
        assert living(repository, "stages/train.py")
        os.killpg(process.pid, signal.SIGINT)
        assert process.wait(30) == 130
    wait_until(lambda: set(living(repository)) == {os.getpid()}, 10, "nothing is left")
    assert git("for-each-ref", "refs/exps") == ""

    hold.unlink()
    assert "0 of 2 experiments are done already" in run(*command)
    assert len(git("for-each-ref", "refs/exps").splitlines()) == 2
