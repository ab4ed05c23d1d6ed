"""`make sweep` from its file to its figure, on a pipeline of one stage that takes no time."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from latentlab.core.errors import ParamsError
from scripts import sweep
from studies.experiments import task
from studies.experiments.engine import Engine, Planned
from tests.stub_pipeline import git

SWEEP = "title: Two\nmetric: gan.recall\nvary: {gan.dropout: [0.25, 0.5]}\n"
SEARCH = """
title: Best
metric: gan.recall
vary: {gan.dropout: {low: 0.1, high: 0.9}}
trials: 3
batch: 2
"""


@pytest.fixture(autouse=True)
def _sweeps(repository: Path) -> None:
    (repository / "sweeps").mkdir()
    (repository / "sweeps" / "two.yaml").write_text(SWEEP)
    (repository / "sweeps" / "best.yaml").write_text(SEARCH)


@pytest.fixture
def call(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Callable[[str, str], str]:
    """Runs the script in this process, and each experiment too, without Ray; gives what is printed."""

    def run_here(self: Engine, missing: Planned) -> list[str]:
        return [name for name, changes in missing.items() if task.run(self._job(name, changes)).trouble]

    def run(action: str, name: str) -> str:
        monkeypatch.setattr(sys, "argv", ["sweep", action, name])
        sweep.main()
        return capfd.readouterr().out

    monkeypatch.setattr(Engine, "_run", run_here)
    return run


def ran(repository: Path) -> int:
    """How many times the stage ran."""
    return len((repository / ".latentlab" / "log").read_text().split())


def load(name: str) -> Any:
    return json.loads(Path("reports/sweeps", name).read_text())


def test_a_grid_runs_once_and_is_forgotten(repository: Path, call: Callable[[str, str], str]) -> None:
    """One test, because each step starts from the one before."""
    assert call("status", "two").count(": missing") == 2
    printed = call("run", "two")
    assert "0 of 2 experiments are done already" in printed
    found = load("two.json")
    points = found["points"]
    assert git("rev-parse", "HEAD").startswith(found["commit"])
    assert [point["set"] for point in points] == [{"gan.dropout": 0.25}, {"gan.dropout": 0.5}]
    assert [point["models"]["gan"]["recall"]["mean"] for point in points] == [0.25, 0.5]
    assert Path("reports/sweeps/two.png").read_bytes().startswith(b"\x89PNG")
    assert ran(repository) == 2

    assert "2 of 2 experiments are done already" in call("run", "two")
    assert ran(repository) == 2
    assert call("status", "two").count(": done") == 2
    call("clean", "two")
    assert call("status", "two").count(": missing") == 2
    assert not list(Path("reports/sweeps").iterdir())


def test_a_search_goes_batch_by_batch(repository: Path, call: Callable[[str, str], str]) -> None:
    assert call("status", "best").count(": missing") == 2
    printed = call("run", "best")
    assert "trials 1 to 2 of 3\n0 of 2 experiments" in printed
    assert "trials 3 to 3 of 3\n0 of 1 experiments" in printed
    assert 'make seeds N=6 SET="gan.dropout=0.' in printed
    tried = [point["set"]["gan.dropout"] for point in load("best.json")["points"]]
    assert len(tried) == 3
    assert all(0.1 <= value <= 0.9 for value in tried)
    assert Path("reports/sweeps/best.png").read_bytes().startswith(b"\x89PNG")
    assert call("status", "best").count(": done") == 3
    assert ran(repository) == 3


def test_what_a_search_may_choose_but_params_may_not_be_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    text = SEARCH.replace("gan.dropout: {low: 0.1, high: 0.9}", "gan.dropout: {low: 0.1, high: 1.5}")
    Path("sweeps", "best.yaml").write_text(text)
    monkeypatch.setattr(sys, "argv", ["sweep", "run", "best"])
    with pytest.raises(ParamsError, match=r"gan\.dropout=1\.5, seed=1 is not possible"):
        sweep.main()
