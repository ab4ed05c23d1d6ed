"""`make seeds` under DVC, on a pipeline of one stage that takes no time."""

import json
import math
import re
import sys
from pathlib import Path
from typing import Any

import pytest

from latentlab.core.errors import EvaluationError, ParamsError
from scripts import seeds
from studies.experiments import group
from tests.stub_pipeline import git, needs_ray, run


def ran(repository: Path) -> list[str]:
    """The seeds that the stage ran with, in order."""
    return (repository / ".latentlab" / "log").read_text().split()


def load(path: str) -> Any:
    return json.loads(Path("reports", path).read_text())


@needs_ray
def test_seeds_run_once_go_on_after_a_failure_and_leave_the_workspace_alone(repository: Path) -> None:
    """One test, because each step starts from the one before."""
    before = {path: path.read_bytes() for path in repository.iterdir() if path.is_file()}
    printed = run("seeds", "2", "--jobs", "2", code=1)
    assert re.search(r"error: 1 of 2 experiments failed, see above: seeds-\w{8}-2\. What was", printed)
    assert "seeds 1 to 2: about 4 minutes for all" in printed
    assert "0 of 2 experiments are done already\n2 at a time on 1 machine\n" in printed
    assert "broken on purpose" in printed
    assert not Path("reports").exists()

    (repository / ".latentlab" / "pass").touch()
    assert "1 of 2 experiments are done already\n1 at a time on 1 machine\n" in run("seeds", "2")
    assert sorted(ran(repository)) == ["1", "2", "2"]
    found = load("seeds.json")
    assert (found["seeds"], found["settings"]) == ([1, 2], [])
    assert git("rev-parse", "HEAD").startswith(found["commit"])
    assert found["models"]["vae"]["kernel_distance"] == {
        "mean": 4.0,
        "standard_deviation": math.sqrt(2),
        "n": 2,
        "values": {"1": 3.0, "2": 5.0},
    }
    assert Path("reports/seeds.png").read_bytes().startswith(b"\x89PNG")

    text = Path("reports/seeds.json").read_bytes()
    assert "2 of 2 experiments are done already\n\n" in run("seeds", "2")
    assert Path("reports/seeds.json").read_bytes() == text
    assert len(ran(repository)) == 3
    assert {path: path.read_bytes() for path in repository.iterdir() if path.is_file()} == before
    assert git("status", "--porcelain") == ""


def test_each_setting_has_a_file_of_its_own() -> None:
    assert seeds.file_name([]) == "seeds.json"
    assert (
        seeds.file_name(["gan.dropout=0.25", "data.path=/a b"])
        == "seeds-gan.dropout=0.25-data.path=_a_b.json"
    )


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["1"], "N: expected 2 seeds or more, got 1"),
        (
            ["2", "gan.drop=1"],
            "SET: expected .* a key of params.yaml, got 'gan.drop=1'",
        ),
        (["2", "seed=4"], "SET: the seed is what varies"),
        (["2", "--jobs", "0"], "JOBS: expected 1 or more, got 0"),
    ],
)
def test_bad_arguments_start_nothing(
    repository: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], reason: str
) -> None:
    monkeypatch.setattr(sys, "argv", ["seeds", *arguments])
    with pytest.raises(ParamsError, match=reason):
        seeds.main()
    assert not (repository / ".latentlab" / "log").exists()


def test_seeds_that_were_measured_otherwise_are_not_put_together(monkeypatch: pytest.MonkeyPatch) -> None:
    def load_metrics(own: group.Group, seed: int) -> dict[str, Any]:
        scores = {"num_samples": 10, "recall": 0.5}
        protocol = {"test_split_sha256": "b"}
        return {"vae": scores, "gan": scores, "features": {"sha256": seed}, "protocol": protocol}

    monkeypatch.setattr(group, "load_metrics", load_metrics)
    with pytest.raises(EvaluationError, match="the features come from different classifiers"):
        seeds.collect(group.Group("abc", ()), range(1, 3))
