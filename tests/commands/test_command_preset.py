"""``latentlab preset``: what it writes, what it says, and what it will not overwrite."""

import subprocess
import sys
from pathlib import Path

import pytest

from latentlab.commands.parser import main
from tests.commands.workspace import refusal
from tests.imports import ROOT
from tests.presets import FOLDER, text

PARAMS = Path("params.yaml")
LOOK = """
import sys
from latentlab.commands.parser import main
try:
    main(["preset", "tiny"])
finally:
    print(sorted({"tensorflow", "keras", "mlflow", "matplotlib"} & set(sys.modules)), file=sys.stderr)
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The presets and params.yaml as the working directory, without Git."""
    monkeypatch.chdir(tmp_path)
    Path("presets").mkdir()
    for path in FOLDER.glob("*.yaml"):
        (Path("presets") / path.name).write_bytes(path.read_bytes())
    PARAMS.write_text(text(), encoding="utf-8")
    return tmp_path


@pytest.fixture
def repository(folder: Path) -> Path:
    """The same, committed."""
    for command in (["init", "--quiet"], ["add", "."], ["commit", "--quiet", "--message", "Start"]):
        subprocess.run(["git", "-c", "user.name=t", "-c", "user.email=t@localhost", *command], check=True)
    return folder


def own_preset(content: str) -> None:
    Path("presets/own.yaml").write_text(content)


def said(capsys: pytest.CaptureFixture[str], *words: str) -> list[str]:
    """The lines that a command prints that is not refused."""
    main(["preset", *words])
    return capsys.readouterr().out.splitlines()


def test_presets_are_listed_with_what_they_are(capsys: pytest.CaptureFixture[str]) -> None:
    own_preset("# My own. For nobody else.\nseed: 2\n")
    lines = said(capsys)
    assert [line.split()[0] for line in lines] == [
        "default",
        "fashion",
        "lecture",
        "mnist",
        "own",
        "photos-32",
        "photos-64",
        "rgb-folder",
        "tiny",
        "unlabelled",
    ]
    assert lines[0] == "default     params.yaml as committed."
    assert lines[4] == "own         My own."


@pytest.mark.usefixtures("repository")
def test_a_preset_is_written_and_taken_back(capsys: pytest.CaptureFixture[str]) -> None:
    lines = said(capsys, "tiny")
    assert PARAMS.read_text(encoding="utf-8") == text("tiny")
    assert lines[:2] == ["params.yaml is the preset tiny now: 25 changes.", "  data.limit: 200, was null"]
    assert len(lines) == 26
    assert said(capsys, "tiny") == ["params.yaml is the preset tiny now: no changes."]
    # A preset is no work that could be lost, so another may follow.
    assert "  data.source: mnist, was mnist_sample" in said(capsys, "mnist")
    assert "  data.source: mnist_sample, was mnist" in said(capsys, "default")
    assert PARAMS.read_text(encoding="utf-8") == text()
    PARAMS.unlink()
    said(capsys, "default")
    assert PARAMS.read_text(encoding="utf-8") == text()


@pytest.mark.usefixtures("repository")
def test_changes_that_are_not_committed_are_kept_unless_forced(capsys: pytest.CaptureFixture[str]) -> None:
    said(capsys, "tiny")
    changed = text("tiny").replace("kl_weight: 0.002", "kl_weight: 0.5")
    for content, named in (
        (changed, "vae.kl_weight in the preset tiny"),
        (text() + "# Mine.\n", "other comments in the preset default"),
    ):
        PARAMS.write_text(content, encoding="utf-8")
        told = refusal(["preset", "mnist"], capsys)
        assert f"params.yaml: expected no changes of your own that are not committed, got {named}." in told
        assert "--force" in told
        assert PARAMS.read_text(encoding="utf-8") == content
    said(capsys, "mnist", "--force")
    assert PARAMS.read_text(encoding="utf-8") == text("mnist")


@pytest.mark.usefixtures("repository")
def test_a_file_that_cannot_be_read_is_kept_unless_forced(capsys: pytest.CaptureFixture[str]) -> None:
    PARAMS.write_text("seed: [")
    assert "expected a readable YAML file" in refusal(["preset", "tiny"], capsys)
    assert said(capsys, "tiny", "--force")[1] == "  seed: 1, was nothing"


@pytest.mark.usefixtures("repository")
@pytest.mark.parametrize("content", [b"hello", b"# nothing", b"- 1", "é: 1".encode("latin-1")])
def test_a_file_that_holds_no_params_is_named_and_can_be_overwritten(
    content: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    PARAMS.write_bytes(content)
    assert "params.yaml: expected " in refusal(["preset", "tiny"], capsys)
    assert PARAMS.read_bytes() == content
    said(capsys, "tiny", "--force")
    assert PARAMS.read_text(encoding="utf-8") == text("tiny")


@pytest.mark.usefixtures("repository")
@pytest.mark.parametrize(
    ("own", "told"),
    [
        ("vae:\n  kl_weights: 3", "presets/own.yaml: expected keys of params.yaml, got vae.kl_weights"),
        (
            "vae:\n  epochs: 2",
            "presets/own.yaml: change these keys and run again:\n  vae.sample_epochs: expected rising epochs "
            "up to vae.epochs, which is 2, got [1, 2, 3, 5, 10, 20, ...]",
        ),
        ("seed: -1", "  seed: expected greater than or equal to 0, got -1"),
    ],
)
def test_what_is_unknown_or_impossible_is_refused(
    own: str, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    own_preset(own)
    assert told in refusal(["preset", "own"], capsys)
    assert PARAMS.read_text(encoding="utf-8") == text()
    # Nor is it in the way of others.
    PARAMS.write_text(text("mnist"), encoding="utf-8")
    said(capsys, "tiny")


def test_without_git_the_file_itself_is_changed(capsys: pytest.CaptureFixture[str]) -> None:
    PARAMS.write_text(text().replace("seed: 1", "seed: 5", 1), encoding="utf-8")
    lines = said(capsys, "tiny")
    assert lines[0] == "There is no committed params.yaml, so the preset changes the file as it lies here."
    assert PARAMS.read_text(encoding="utf-8") == text("tiny").replace("seed: 1", "seed: 5", 1)


def test_an_unknown_preset_is_refused_with_those_that_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    told = refusal(["preset", "tyni"], capsys)
    known = "default, fashion, lecture, mnist, photos-32, photos-64, rgb-folder, tiny, unlabelled"
    assert f"expected one of {known}, got 'tyni'" in told


def test_it_loads_no_library_of_models(folder: Path) -> None:
    environment = {"PYTHONPATH": str(ROOT / "src")}
    done = subprocess.run([sys.executable, "-c", LOOK], capture_output=True, text=True, env=environment)
    assert (done.returncode, done.stderr) == (0, "[]\n")
