"""Touch a file of each kind, and exactly the stages that must run do."""

import json
from pathlib import Path

import pytest

from tests.dvc_project import Finished, Project
from tests.pipeline import STAGES

pytestmark = pytest.mark.pipeline

EVERY_TIME = {"source", "track"}
# What tells of all families; cheap enough to do at every change in one of them.
TELLING = {"evaluate", "figures", "explorer", "report"}
TRAININGS = {name for name in STAGES if name.startswith("train_")}
SCORINGS = {name for name in STAGES if name.startswith("score_")}
TOUCHED = {
    "families/vae/model/networks.py": {"train_vae", "train_autoencoder", *TELLING},
    "families/gan/model/objectives.py": {"train_gan", *TELLING},
    "families/gan/train.py": {"train_gan", *TELLING},
    "families/training.py": {*TRAININGS, *TELLING},
    "families/vae/scores.py": {"score_vae", *TELLING},
    "families/latents/samplers.py": {*SCORINGS - {"score_references"}, *TELLING},
    "families/gan/rules.py": TELLING,
    "families/autoencoder/story.py": TELLING,
    "learning/loop.py": {*TRAININGS, *SCORINGS},
    "trained/inference.py": SCORINGS,
    "scoring/metrics/kernel.py": {*SCORINGS, *TELLING - {"explorer"}},
    "showing/verdict/sample_rules.py": {"evaluate", "report"},
    "showing/figures/curves.py": TELLING - {"evaluate"},
    "showing/report/page.py": {"report"},
    "showing/explorer/web/main.js": {"explorer", "report"},
    "tracking/rows.py": set(),
    "commands/sample.py": set(),
    "interface/opening.py": set(),
    "core/process.py": set(),
    "data/picture_folder.py": {"prepare"},
}


@pytest.fixture(scope="module")
def project(finished: Finished, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A clone with what was pulled of the run."""
    project = finished.join(tmp_path_factory.mktemp("touched") / "latentlab")
    project.run("dvc", "pull")
    return project


def changed(project: Project) -> set[str]:
    """The stages that DVC would run, whatever they change."""
    return set(json.loads(project.run("dvc", "status", "--json").splitlines()[-1]))


def touch(path: Path) -> str:
    """Add a comment; gives what was there."""
    text = path.read_text()
    path.write_text(f"{text}\n# touched\n")
    return text


@pytest.mark.parametrize("name", TOUCHED)
def test_a_touched_file_concerns_the_stages_that_it_decides(name: str, project: Project) -> None:
    path = project.folder / "src" / "latentlab" / name
    text = touch(path)
    try:
        assert changed(project) == EVERY_TIME | TOUCHED[name]
    finally:
        path.write_text(text)


def test_what_gives_the_same_stops_there(project: Project) -> None:
    """The scores are the same bytes, so that no other scoring and no training runs."""
    assert changed(project) == EVERY_TIME
    touch(project.folder / "src" / "latentlab" / "families" / "vae" / "scores.py")
    assert project.repro() == {*EVERY_TIME, "score_vae", *TELLING}
