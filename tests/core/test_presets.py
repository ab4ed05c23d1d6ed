"""Presets say only what differs, and leave all else of params.yaml as it is, to the letter."""

import subprocess
from pathlib import Path

import pytest

from latentlab.core import presets
from latentlab.core.errors import ParamsError
from latentlab.families import params
from tests.imports import ROOT
from tests.presets import FOLDER, load, text, write

FILES = presets.names(FOLDER)[1:]
BASE = (ROOT / "params.yaml").read_text(encoding="utf-8")
SMALL = """\
# A seed.
seed: 1   # any
empty:

data:
  size: [8,
    16]  # two
  # How many.
  limit:
  - 1
  - 2
  # Where to: é
  path: 'a b'
"""


def preset(folder: Path, content: str) -> Path:
    """A folder with the preset ``own``."""
    (folder / "own.yaml").write_text(content, encoding="utf-8")
    return folder


def test_there_are_as_many_as_files_and_the_default() -> None:
    assert presets.names(FOLDER) == [
        "default",
        "fashion",
        "lecture",
        "mnist",
        "photos-32",
        "photos-64",
        "rgb-folder",
        "tiny",
        "unlabelled",
    ]


@pytest.mark.parametrize("name", FILES)
def test_every_preset_is_valid_and_says_only_what_differs(name: str) -> None:
    load(name)
    usual = {key: leaf.text for key, leaf in presets.leaves(BASE).items()}
    own = presets.leaves(presets.file(name, FOLDER).read_text(encoding="utf-8"))
    assert own
    assert [key for key, leaf in own.items() if leaf.text == usual[key]] == []


@pytest.mark.parametrize("name", FILES)
def test_only_lines_with_other_values_become_others(name: str) -> None:
    old, new = BASE.splitlines(), text(name).splitlines()
    assert len(old) == len(new)
    changed = [line.split(":")[0] for line, before in zip(new, old, strict=True) if line != before]
    keys = [key.split(".")[-1] for key in presets.leaves(text(name)) if key in presets.overlay(name, FOLDER)]
    assert [key.strip() for key in changed] == keys


def test_the_default_is_the_base_to_the_letter() -> None:
    assert presets.apply("default", BASE, FOLDER) == BASE


def test_values_of_every_form_take_the_place_of_any_other(tmp_path: Path) -> None:
    own = (
        'seed: 2\nempty: [1]\ndata:\n  size: null\n  limit:\n    - 3\n    # No more.\n    - 4\n  path: "#"\n'
    )
    assert (
        presets.apply("own", SMALL, preset(tmp_path, own))
        == """\
# A seed.
seed: 2   # any
empty: [1]

data:
  size: null  # two
  # How many.
  limit: [3, 4]
  # Where to: é
  path: "#"
"""
    )


def test_numbers_stay_as_they_are_written(tmp_path: Path) -> None:
    assert "seed: 1e-05 " in presets.apply("own", SMALL, preset(tmp_path, "seed: 1e-05"))


@pytest.mark.parametrize(
    ("own", "unknown"),
    [
        ("data:\n  sizes: 3\nsed: 2", "data.sizes, sed"),
        ("data: 3", "data"),
        ("seed:\n  first: 1", "seed.first"),
    ],
)
def test_unknown_keys_are_refused_with_their_file(own: str, unknown: str, tmp_path: Path) -> None:
    with pytest.raises(ParamsError) as caught:
        presets.apply("own", SMALL, preset(tmp_path, own))
    assert str(caught.value) == f"{tmp_path}/own.yaml: expected keys of params.yaml, got {unknown}"


@pytest.mark.parametrize(
    ("own", "told"),
    [
        ("# nothing\n", "expected keys of params.yaml with values, got None"),
        ("- 1", r"expected keys of params.yaml with values, got \[1\]"),
        ("seed: [", "expected a readable YAML file of parameters"),
    ],
)
def test_what_holds_no_keys_is_refused(own: str, told: str, tmp_path: Path) -> None:
    with pytest.raises(ParamsError, match=rf"own\.yaml: {told}"):
        presets.apply("own", SMALL, preset(tmp_path, own))


def test_a_base_that_is_no_yaml_is_refused() -> None:
    with pytest.raises(ParamsError, match="readable YAML file"):
        presets.apply("tiny", "seed: [", FOLDER)


def test_a_summary_is_the_first_sentence(tmp_path: Path) -> None:
    own = "# Digits of 2.5 cm, as\n# drawn: large. And\n# more.\n\n# A seed.\nseed: 2\n"
    assert presets.summary("own", preset(tmp_path, own)) == "Digits of 2.5 cm, as drawn: large."
    assert presets.summary("default", tmp_path) == "params.yaml as committed."


def test_a_file_in_other_letters_spoils_no_list(tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_bytes("# Größer.\n\nseed: 1\n".encode("latin-1"))
    assert presets.summary("own", tmp_path).endswith("er.")
    with pytest.raises(ParamsError):
        presets.overlay("own", tmp_path)


def test_what_is_committed_is_read_to_the_letter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "sub").mkdir()
    monkeypatch.chdir(tmp_path / "sub")
    assert presets.committed() is None
    Path("params.yaml").write_text(SMALL, encoding="utf-8")
    git = ["git", "-c", "user.name=t", "-c", "user.email=t@localhost"]
    subprocess.run([*git, "init", "--quiet", ".."], check=True)
    assert presets.committed() is None
    subprocess.run([*git, "add", "."], check=True)
    subprocess.run([*git, "commit", "--quiet", "--message", "Start"], check=True)
    Path("params.yaml").write_text("seed: 3", encoding="utf-8")
    assert presets.committed() == SMALL


def test_a_written_preset_is_read_back(tmp_path: Path) -> None:
    assert params.load(write("tiny", tmp_path / "params.yaml")) == load("tiny")
