"""What a colleague gets of a run through DVC's remote and Git's: all of it, without any training."""

import re
from pathlib import Path

import pytest

from latentlab.core import digests
from tests.dvc_project import Finished, Project, ran
from tests.imports import ROOT

pytestmark = pytest.mark.pipeline

PAGE = ROOT / "docs" / "sharing.md"
EVERY_TIME = {"source", "track"}
EXPERIMENT = "fewer-samples"
CHANGE = "evaluate.num_samples=150"


@pytest.fixture(scope="module")
def shared(finished: Finished, tmp_path_factory: pytest.TempPathFactory) -> Finished:
    """A colleague pulled the run, ran an experiment and pushed it."""
    project = finished.join(tmp_path_factory.mktemp("ours") / "latentlab")
    project.run("dvc", "pull")
    output = project.run("dvc", "exp", "run", "--name", EXPERIMENT, "--set-param", CHANGE)
    assert "evaluate" in ran(output)
    project.run("dvc", "exp", "push", "origin", EXPERIMENT)
    project.run("dvc", "push", "--run-cache")
    return finished


@pytest.fixture(scope="module")
def theirs(finished: Finished, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Another colleague's clone, with what was pulled."""
    project = finished.join(tmp_path_factory.mktemp("theirs") / "latentlab")
    project.run("dvc", "pull")
    return project


def test_a_pulled_run_is_whole_and_becomes_a_row_with_its_models(theirs: Project) -> None:
    assert theirs.repro() == EVERY_TIME
    assert theirs.run("git", "status", "--porcelain") == ""
    [row] = theirs.runs("pipeline")
    stages = theirs.runs("stages")
    assert {run["info"]["status"] for run in [row, *stages]} == {"FINISHED"}
    assert {run["info"]["run_id"] for run in stages} == {
        value for name, value in row["data"]["tags"].items() if name.startswith("run.train_")
    }
    trained = list(theirs.folder.glob("models/*/*.keras"))
    logged = theirs.folder.glob("mlartifacts/stages/models/*/artifacts/data/*.keras")
    assert sorted(map(digests.sha256, logged)) == sorted(map(digests.sha256, trained))
    # The description links each of them.
    assert row["data"]["tags"]["mlflow.note.content"].count("`models:/m-") == len(trained)


@pytest.fixture(scope="module")
def applied(shared: Finished, theirs: Project) -> Project:
    """Their clone, with what the experiment changed brought into the workspace."""
    theirs.run("dvc", "exp", "pull", "origin", EXPERIMENT)
    theirs.run("dvc", "exp", "apply", EXPERIMENT)
    assert theirs.repro() == EVERY_TIME
    return theirs


def test_the_page_commits_all_that_git_keeps_of_a_run_with_other_params(applied: Project) -> None:
    changed = applied.run("git", "diff", "--name-only", "HEAD").split()
    [named] = re.findall(
        r'^git commit -m ".*" (.*) && git push$', PAGE.read_text(encoding="utf-8"), re.MULTILINE
    )
    assert sorted(changed) == sorted(named.split())


def test_an_experiment_keeps_its_name(applied: Project) -> None:
    assert applied.metrics()["vae"]["num_samples"] == 150
    [row] = [row for row in applied.runs("pipeline") if "dvc.experiment" in row["data"]["tags"]]
    assert row["info"]["run_name"] == f"tiny {CHANGE} · {EXPERIMENT}"
    assert row["data"]["tags"]["dvc.experiment"] == EXPERIMENT
    assert row["data"]["params"]["evaluate.num_samples"] == "150"


def test_what_a_colleague_ran_is_restored_for_who_makes_the_same_change(
    shared: Finished, tmp_path: Path
) -> None:
    project = shared.join(tmp_path / "latentlab")
    params = project.folder / "params.yaml"
    params.write_text(params.read_text().replace("num_samples: 200", "num_samples: 150"))
    # The report depends on params.yaml to the letter, which an experiment sets in a style of its own.
    assert project.repro("--pull", "figures") == {"source"}
    assert project.metrics()["vae"]["num_samples"] == 150
