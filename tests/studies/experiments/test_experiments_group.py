"""The experiments of one commit and one setting."""

from pathlib import Path

import pytest

from latentlab.core.errors import ArtifactError, TrainingError
from studies.experiments import group
from studies.experiments.group import Group


def test_a_workspace_that_differs_from_its_commit_is_refused(repository: Path) -> None:
    group.open_group([])
    (repository / "stages" / "train.py").write_text("changed")
    with pytest.raises(
        TrainingError, match=r"expected .*stages as committed, so that all seeds run the same"
    ):
        group.open_group([])


def test_without_a_commit_there_is_nothing_to_start_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(TrainingError, match="expected a Git repository with a commit"):
        group.open_group([])


def test_an_experiment_that_lost_its_outputs_is_named(repository: Path) -> None:
    with pytest.raises(ArtifactError, match=r"Run `dvc exp remove seeds-\w{8}-7` and the same again"):
        group.load_metrics(group.open_group([]), 7)


def test_names_tell_commits_settings_and_seeds_apart_and_not_the_order_of_settings() -> None:
    own = Group("abc", ("a=1", "b=2"))
    assert own.name(1) == Group("abc", ("b=2", "a=1")).name(1)
    others = [own.name(2), Group("abd", ("a=1", "b=2")).name(1)]
    assert len({own.name(1), *others, Group("abc", ("a=1",)).name(1)}) == 4


def test_an_experiment_is_its_settings_and_its_seed() -> None:
    assert Group("abc", ("a=1", "b=2")).changes(3) == ("a=1", "b=2", "seed=3")
