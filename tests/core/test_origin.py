"""Which preset params come from, and what was changed in it, also once that is committed."""

import subprocess
from pathlib import Path
from typing import Any

import pytest

from latentlab.core import artifacts, origin, presets
from latentlab.core.errors import ArtifactError
from latentlab.core.origin import Origin
from tests.presets import FOLDER, text, values


def of(content: dict[str, Any], base: dict[str, Any] | None = None) -> Origin:
    return origin.of(content, base or values(), FOLDER)


@pytest.mark.parametrize("name", presets.names(FOLDER))
def test_an_unchanged_preset_is_known(name: str) -> None:
    assert of(values(name)) == (name, {}, {})


def test_changes_are_told_from_the_nearest_preset() -> None:
    changed = values("tiny")
    changed["vae"] |= {"kl_weight": 0.5, "epochs": 3}
    changed["seed"] = 7
    found = of(changed)
    assert found.preset == "tiny"
    assert found.changes == {"seed": 7, "vae.kl_weight": 0.5, "vae.epochs": 3}
    assert found.usual == {"seed": 1, "vae.kl_weight": 0.002, "vae.epochs": 2}
    assert found.title == "tiny seed=7 vae.kl_weight=0.5 and 1 more"


def test_a_key_that_is_not_committed_has_no_usual_value() -> None:
    changed = values()
    changed["vae"]["new"] = None
    assert of(changed) == ("default", {"vae.new": None}, {})


def test_of_equally_near_ones_that_which_says_most_is_taken(tmp_path: Path) -> None:
    """A committed preset differs from the default in nothing."""
    committed, changed = values("tiny"), values("tiny")
    assert of(committed, committed).preset == "tiny"
    changed["seed"] = 2
    assert of(changed, committed) == ("tiny", {"seed": 2}, {"seed": 1})
    for name, content in {"a": "x: 2", "b": "x: 2\ny: 1", "c": "y: 1\nx: 2", "half": "x: ["}.items():
        (tmp_path / f"{name}.yaml").write_text(content)
    assert origin.of({"x": 2, "y": 1}, {"x": 1, "y": 1}, tmp_path).preset == "b"
    assert origin.of({"x": 3, "y": 3}, {"x": 1, "y": 1}, tmp_path).preset == "b"


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with the presets, and the default committed, as the working directory."""
    monkeypatch.chdir(tmp_path)
    Path("presets").symlink_to(FOLDER)
    Path("params.yaml").write_text(text(), encoding="utf-8")
    git("init", "--quiet")
    commit()
    return tmp_path


def git(*arguments: str) -> None:
    subprocess.run(["git", "-c", "user.name=t", "-c", "user.email=t@localhost", *arguments], check=True)


def commit() -> None:
    git("add", "params.yaml")
    git("commit", "--quiet", "--message", "Go on")


def changed_values() -> dict[str, Any]:
    """The default with another weight, which lies here as well."""
    Path("params.yaml").write_text(text().replace("kl_weight: 0.002", "kl_weight: 0.5"), encoding="utf-8")
    content = values()
    content["vae"]["kl_weight"] = 0.5
    return content


def test_what_was_changed_is_known_after_a_commit(repository: Path) -> None:
    content, expected = changed_values(), ("default", {"vae.kl_weight": 0.5}, {"vae.kl_weight": 0.002})
    origin.note(content)
    assert origin.load() == expected
    noted = artifacts.PRESET.read_bytes()
    commit()
    origin.note(content)
    assert artifacts.PRESET.read_bytes() == noted
    origin.note(content | {"seed": 2})
    assert origin.load() == ("default", {"seed": 2}, {"seed": 1})


def test_a_new_preset_is_noticed(repository: Path) -> None:
    content = changed_values()
    origin.note(content)
    Path("presets").unlink()
    Path("presets").mkdir()
    Path("presets/mine.yaml").write_text("vae:\n  kl_weight: 0.5\n")
    origin.note(content)
    assert origin.load() == ("mine", {}, {})


@pytest.mark.parametrize("broken", ["seed: [", "text"])
def test_params_that_are_committed_broken_stop_nobody(repository: Path, broken: str) -> None:
    Path("params.yaml").write_text(broken)
    commit()
    origin.note(values())
    assert origin.load() == ("default", {}, {})


def test_without_git_params_are_taken_for_their_own_default(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ArtifactError, match=r"preset\.json is missing"):
        origin.load()
    origin.note(values("tiny"))
    assert origin.load() == ("default", {}, {})
