"""`make seeds` under DVC, on a pipeline of one stage that takes no time."""

import json
import math
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from latentlab.core.errors import ArtifactError, EvaluationError, ParamsError, TrainingError
from scripts import seeds
from studies.seeds import experiments, row
from tests.stub_pipeline import git


@pytest.fixture
def call(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """Runs the script in this process, without MLflow, and gives what it and DVC print."""
    monkeypatch.setattr(row, "track", lambda content, values, files: None)

    def run(*arguments: str) -> str:
        monkeypatch.setattr(sys, "argv", ["seeds", *arguments])
        seeds.main()
        return capfd.readouterr().out

    return run


def ran(repository: Path) -> list[str]:
    """The seeds that the stage ran with, in order."""
    return (repository / ".latentlab" / "log").read_text().split()


def load(path: str) -> Any:
    return json.loads(Path("reports", path).read_text())


def test_seeds_run_once_go_on_after_a_failure_and_leave_the_workspace_alone(
    repository: Path, call: Callable[..., str], capfd: pytest.CaptureFixture[str]
) -> None:
    """One test, because each step starts from the one before."""
    before = {path: path.read_bytes() for path in repository.iterdir() if path.is_file()}
    with pytest.raises(TrainingError, match="seed 2 failed, see above"):
        call("2")
    printed = capfd.readouterr()
    assert "seeds 1 to 2: 0 are done, about 2 minutes on two cores" in printed.out
    assert "broken on purpose" in printed.err
    assert not Path("reports").exists()

    (repository / ".latentlab" / "pass").touch()
    assert "seeds 1 to 2: 1 are done, about 50 seconds on two cores" in call("2")
    assert ran(repository) == ["1", "2", "2"]
    found = load("seeds.json")
    assert (found["seeds"], found["settings"]) == ([1, 2], [])
    assert found["models"]["vae"]["kernel_distance"] == {
        "mean": 4.0,
        "standard_deviation": math.sqrt(2),
        "n": 2,
        "values": {"1": 3.0, "2": 5.0},
    }
    assert Path("reports/seeds.png").read_bytes().startswith(b"\x89PNG")

    text = Path("reports/seeds.json").read_bytes()
    assert "2 are done, nothing to do" in call("2")
    assert Path("reports/seeds.json").read_bytes() == text
    assert ran(repository) == ["1", "2", "2"]
    assert {path: path.read_bytes() for path in repository.iterdir() if path.is_file()} == before
    assert git("status", "--porcelain") == ""

    call("2", "gan.dropout=0.25")
    assert load("seeds-gan.dropout=0.25.json")["models"]["gan"]["recall"]["values"] == {"1": 0.25, "2": 0.25}
    assert Path("reports/seeds.json").read_bytes() == text


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["1"], "N: expected 2 seeds or more, got 1"),
        (
            ["2", "gan.drop=1"],
            "SET: expected .* a key of params.yaml, got 'gan.drop=1'",
        ),
        (["2", "seed=4"], "SET: the seed is what varies"),
    ],
)
def test_bad_arguments_start_nothing(
    repository: Path, call: Callable[..., str], arguments: list[str], reason: str
) -> None:
    with pytest.raises(ParamsError, match=reason):
        call(*arguments)
    assert not (repository / ".latentlab" / "log").exists()


def test_seeds_that_were_measured_otherwise_are_not_put_together(monkeypatch: pytest.MonkeyPatch) -> None:
    def load_metrics(group: experiments.Group, seed: int) -> dict[str, Any]:
        scores = {"num_samples": 10, "recall": 0.5}
        protocol = {"test_split_sha256": "b"}
        return {"vae": scores, "gan": scores, "features": {"sha256": seed}, "protocol": protocol}

    monkeypatch.setattr(experiments, "load_metrics", load_metrics)
    with pytest.raises(EvaluationError, match="the features come from different classifiers"):
        seeds.collect(experiments.Group("abc", ()), range(1, 3))


def test_a_workspace_that_differs_from_its_commit_is_refused(repository: Path) -> None:
    experiments.open_group([])
    (repository / "stages" / "train.py").write_text("changed")
    with pytest.raises(
        TrainingError, match=r"expected .*stages as committed, so that all seeds run the same"
    ):
        experiments.open_group([])


def test_without_a_commit_there_is_nothing_to_start_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(TrainingError, match="expected a Git repository with a commit"):
        experiments.open_group([])


def test_where_dvc_is_not_set_up_nothing_is_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    with pytest.raises(TrainingError, match="DVC cannot list its experiments, see above"):
        experiments.finished()


def test_an_experiment_that_lost_its_outputs_is_named(repository: Path) -> None:
    with pytest.raises(ArtifactError, match=r"Run `dvc exp remove seeds-\w{8}-7` and the same again"):
        experiments.load_metrics(experiments.open_group([]), 7)


def test_names_tell_commits_settings_and_seeds_apart_and_not_the_order_of_settings() -> None:
    group = experiments.Group("abc", ("a=1", "b=2"))
    assert group.name(1) == experiments.Group("abc", ("b=2", "a=1")).name(1)
    others = [group.name(2), experiments.Group("abd", ("a=1", "b=2")).name(1)]
    assert len({group.name(1), *others, experiments.Group("abc", ("a=1",)).name(1)}) == 4
