"""What a colleague gets of a run through DVC's remote and Git's: all of it, without any training."""

from pathlib import Path

import pytest

from latentlab.core import digests
from tests.dvc_project import Finished, Project, ran

pytestmark = pytest.mark.pipeline

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


def test_an_experiment_keeps_its_name(shared: Finished, theirs: Project) -> None:
    theirs.run("dvc", "exp", "pull", "origin", EXPERIMENT)
    theirs.run("dvc", "exp", "apply", EXPERIMENT)
    assert theirs.repro() == EVERY_TIME
    assert theirs.metrics()["vae"]["num_samples"] == 150
    [row] = [row for row in theirs.runs("pipeline") if "dvc.experiment" in row["data"]["tags"]]
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
