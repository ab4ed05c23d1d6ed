"""`make measure`: what is kept of a preset's run."""

import json
import subprocess
from pathlib import Path

import pytest
from PIL import Image
from ruamel.yaml import YAML

from scripts import measure
from tests.imports import ROOT


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The times that the clock shows, one each time it is looked at."""
    times: list[float] = []
    monkeypatch.setattr(measure.time, "perf_counter", lambda: times.pop(0))
    return times


def test_each_stage_has_the_seconds_until_the_next(tmp_path: Path, clock: list[float]) -> None:
    clock += [0, 2, 2, 12, 12, 15.5]
    printed = ["Running stage 'prepare':\n", "> python\n", "Running stage 'train_gan':\n", "epoch 1\n"]
    measure.time_stages(printed, tmp_path / "seconds.json")
    assert measure.load(tmp_path / "seconds.json") == {"start": 2, "prepare": 10, "train_gan": 3.5}


def test_what_goes_on_after_a_stop_is_added(tmp_path: Path, clock: list[float]) -> None:
    file = tmp_path / "seconds.json"
    file.write_text(json.dumps({"start": 1, "train_gan": 20}))
    clock += [0, 1, 1, 6]
    measure.time_stages(["Running stage 'train_gan':\n"], file)
    assert measure.load(file) == {"start": 2, "train_gan": 25}


def test_params_are_the_preset_with_changes(tmp_path: Path) -> None:
    (tmp_path / "presets").symlink_to(ROOT / "presets")
    (tmp_path / "params.yaml").write_bytes((ROOT / "params.yaml").read_bytes())
    measure.write_params(tmp_path, "photos-32", ["data.path=/some where/photos", "threads=2", "gan.epochs=7"])
    written = YAML(typ="safe").load(tmp_path / "params.yaml")
    assert written["data"]["path"] == "/some where/photos"
    assert (written["threads"], written["gan"]["epochs"], written["gan"]["blocks"]) == (2, 7, "sngan")


def test_a_result_says_what_it_is_of_and_not_where_images_lay(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "--quiet", tmp_path], check=True)
    identity = ["-c", "user.name=t", "-c", "user.email=t@localhost"]
    subprocess.run(
        ["git", *identity, "commit", "--quiet", "--allow-empty", "--message", "Begin"],
        cwd=tmp_path,
        check=True,
    )
    (tmp_path / "reports").mkdir()
    for name, content in (("metrics", {"gan": 1}), ("verdict", {"headline": "good"})):
        (tmp_path / "reports" / f"{name}.json").write_text(json.dumps(content))
    (tmp_path / "seconds.json").write_text(json.dumps({"prepare": 30, "train_gan": 60}))
    found = measure.result(tmp_path, "mnist", ["data.path=/home/me", "threads=2"])
    assert found["changes"] == ["threads=2"]
    assert found["minutes"] == 1.5
    assert (found["metrics"], found["verdict"]) == ({"gan": 1}, {"headline": "good"})
    head = subprocess.run(
        ["git", "rev-parse", "HEAD"], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert head.stdout.startswith(found["commit"])
    assert len(found["commit"]) == 7


def test_code_that_is_not_committed_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measure, "ROOT", tmp_path)
    with pytest.raises(SystemExit, match=r"expected src, stages, .* as committed, got changes. Commit them"):
        measure.require_committed()


def test_the_picture_is_of_half_the_size(tmp_path: Path) -> None:
    figures = tmp_path / "reports" / "figures"
    figures.mkdir(parents=True)
    Image.new("RGBA", (40, 20), (200, 100, 50, 255)).save(figures / "comparison.png")
    measure.save_picture(tmp_path, tmp_path / "small.png")
    with Image.open(tmp_path / "small.png") as small:
        assert (small.size, small.mode, small.getpixel((3, 4))) == ((20, 10), "RGB", (200, 100, 50))
