"""`make measure`: what is kept of a preset's run."""

import json
import subprocess
from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path

import pytest
from matplotlib.figure import Figure
from PIL import Image
from ruamel.yaml import YAML

from latentlab.core import artifacts
from scripts import fill_pages, measure, overview
from tests.imports import ROOT
from tests.stub_pipeline import git


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The times that the clock shows, one each time it is looked at."""
    times: list[float] = []
    monkeypatch.setattr(measure.time, "perf_counter", lambda: times.pop(0))
    return times


def test_each_stage_has_the_seconds_until_the_next(tmp_path: Path, clock: list[float]) -> None:
    clock += [0, 2, 3, 12, 15, 15.5]
    printed = ["Running stage 'prepare':\n", "> python\n", "Running stage 'train_gan':\n", "epoch 1\n"]
    measure.time_stages(printed, tmp_path / "seconds.json")
    assert artifacts.load_json(tmp_path / "seconds.json") == {"start": 2, "prepare": 10, "train_gan": 3.5}


def test_what_goes_on_after_a_stop_is_added(tmp_path: Path, clock: list[float]) -> None:
    file = tmp_path / "seconds.json"
    file.write_text(json.dumps({"start": 1, "train_gan": 20}))
    clock += [0, 1, 6]
    measure.time_stages(["Running stage 'train_gan':\n"], file)
    assert artifacts.load_json(file) == {"start": 2, "train_gan": 25}


def test_a_stage_that_a_stop_cuts_off_has_its_seconds_too(tmp_path: Path, clock: list[float]) -> None:
    def stopped() -> Iterator[str]:
        yield "Running stage 'train_gan':\n"
        raise KeyboardInterrupt

    clock += [0, 1, 31]
    with pytest.raises(KeyboardInterrupt):
        measure.time_stages(stopped(), tmp_path / "seconds.json")
    assert artifacts.load_json(tmp_path / "seconds.json") == {"start": 1, "train_gan": 30}


def test_a_stage_that_is_killed_has_its_seconds_up_to_its_last_line(
    tmp_path: Path, clock: list[float]
) -> None:
    file, noted = tmp_path / "seconds.json", []

    def printed() -> Iterator[str]:
        yield from ("Running stage 'train_gan':\n", "epoch 1\n", "epoch 2\n")
        noted.append(artifacts.load_json(file))

    clock += [0, 1, 11, 21, 21]
    measure.time_stages(printed(), file)
    assert noted == [{"start": 1, "train_gan": 20}]


def test_a_result_holds_scores_verdict_and_minutes(tmp_path: Path) -> None:
    (tmp_path / "reports").mkdir()
    for name, content in (("metrics", {"gan": 1}), ("verdict", {"headline": "good"})):
        (tmp_path / "reports" / f"{name}.json").write_text(json.dumps(content))
    (tmp_path / "seconds.json").write_text(json.dumps({"prepare": 30, "train_gan": 60}))
    found = measure.outcome(tmp_path) | measure.times(tmp_path)
    assert (found["minutes"], found["seconds"]["train_gan"]) == (1.5, 60)
    assert (found["metrics"], found["verdict"]) == ({"gan": 1}, {"headline": "good"})


def test_a_name_of_its_own_keeps_a_result_from_the_presets(measured: Path) -> None:
    measure.parse().name = "photos-more"
    measure.main()
    kept = sorted(path.name for path in measured.glob("docs/*/*"))
    assert kept == ["photos-more-gan-progress.png", "photos-more.png", "photos_more.json"]


def test_a_clone_that_could_not_be_given_its_params_is_not_taken_for_one_that_has_them(
    measured: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(measure, "CLONES", measured / "clones")
    measure.parse().set = ["data.path=/a (b)"]
    with pytest.raises(SystemExit, match=r"error: SET: expected section.key=value as `dvc exp run -S` takes"):
        measure.main()
    assert list((measured / "clones").iterdir()) == []


def test_a_relative_folder_of_images_is_found_from_the_clone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As in the clone that is given to people who have the images beside the repository."""
    root = tmp_path / "ro#, ot"
    (root / "presets").mkdir(parents=True)
    for name in ("params.yaml", "presets/photos-32.yaml"):
        (root / name).write_bytes((ROOT / name).read_bytes())
    git("init", "--quiet", str(root))
    (root / ".dvc").mkdir()
    (root / ".dvc" / "config").touch()
    (root / ".gitignore").write_text("/data/\n")
    git("-C", str(root), "add", "--all")
    git("-C", str(root), "commit", "--quiet", "-m", "Start")
    (root / "data" / "mine").mkdir(parents=True)
    monkeypatch.setattr(measure, "ROOT", root)
    monkeypatch.setattr(measure, "CLONES", tmp_path / "clones")
    measure.begin(tmp_path / "clones" / "one", "photos-32", ["data.path=data/mine"])
    assert (tmp_path / "clones" / "one" / "data" / "mine").resolve() == root / "data" / "mine"


def test_figures_that_are_named_are_kept_alone(measured: Path) -> None:
    measure.parse().figures = ["gan_progress"]
    measure.main()
    kept = [path.name for path in (measured / "docs" / "images").glob("photos*")]
    assert kept == ["photos-32-gan-progress.png"]


@pytest.fixture
def measured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where results go, of a run that is not made; its clone, and what lies in it, is."""

    def make_clone(root: Path, clone: Path) -> None:
        clone.mkdir()
        (clone / "params.yaml").write_bytes((ROOT / "params.yaml").read_bytes())

    def run(clone: Path) -> None:
        assert clone.parent == tmp_path
        written = YAML(typ="safe").load(clone / "params.yaml")
        assert written["data"]["path"] == "/some where/photos"
        assert (written["gan"]["epochs"], written["gan"]["objective"]) == (7, "hinge")
        figures = clone / "reports" / "figures"
        figures.mkdir(parents=True)
        Image.new("RGBA", (1760, 900), (200, 100, 50, 255)).save(figures / "comparison.png")
        Image.new("RGB", (400, 300)).save(figures / "gan_progress.png")
        for name in ("reports/metrics.json", "reports/verdict.json", "seconds.json"):
            (clone / name).write_text("{}")

    for name in ("docs/images", "docs/results"):
        (tmp_path / name).mkdir(parents=True)
    for name, value in {
        "ROOT": tmp_path,
        "IMAGES": tmp_path / "docs" / "images",
        "CLONES": tmp_path,
    }.items():
        monkeypatch.setattr(measure, name, value)
    monkeypatch.setattr(fill_pages, "RESULTS", tmp_path / "docs" / "results")
    changes = ["data.path=/some where/photos", "gan.epochs=7"]
    figures = ["comparison", "gan_progress"]
    typed = Namespace(preset="photos-32", set=changes, name=None, figures=figures, cached=False)
    monkeypatch.setattr(measure, "parse", lambda: typed)
    monkeypatch.setattr(measure, "require_committed", lambda: None)
    monkeypatch.setattr(measure, "committed_code", lambda: ["4b825dc"])
    monkeypatch.setattr(measure, "make_clone", make_clone)
    monkeypatch.setattr(measure, "run", run)
    monkeypatch.setattr(overview, "save_strip", lambda run, preset: (run / "strip").touch())
    monkeypatch.setattr(overview, "draw", lambda: Figure())
    return tmp_path


def test_a_run_leaves_its_result_and_a_small_picture_alone(measured: Path) -> None:
    measure.main()
    found = artifacts.load_json(measured / "docs" / "results" / "photos_32.json")
    assert (found["preset"], found["changes"], found["metrics"]) == ("photos-32", ["gan.epochs=7"], {})
    with Image.open(measured / "docs" / "images" / "photos-32.png") as small:
        assert (small.size, small.mode, small.getpixel((3, 4))) == ((880, 450), "RGB", (200, 100, 50))
    kept = sorted(path.name for path in (measured / "docs" / "images").iterdir())
    assert kept == ["overview.png", "photos-32-gan-progress.png", "photos-32.png"]
    assert [path.name for path in measured.iterdir()] == ["docs"]


def test_what_comes_from_the_cache_has_no_times(measured: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shared: list[Path] = []
    monkeypatch.setattr(measure, "share_cache", shared.append)
    measure.main()
    timed = artifacts.load_json(measured / "docs" / "results" / "photos_32.json")
    measure.parse().cached = True
    measure.main()
    found = artifacts.load_json(measured / "docs" / "results" / "photos_32.json")
    assert timed.keys() - found.keys() == {"minutes", "seconds"}
    assert len(shared) == 1


def test_no_clone_that_has_the_cache_is_timed(measured: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(clone: Path) -> None:
        raise KeyboardInterrupt

    run, typed = measure.run, measure.parse()
    monkeypatch.setattr(measure, "share_cache", lambda clone: (clone / "shared").touch())
    monkeypatch.setattr(measure, "run", stopped)
    typed.cached = True
    with pytest.raises(KeyboardInterrupt):
        measure.main()
    typed.cached = False
    monkeypatch.setattr(measure, "run", run)
    measure.main()
    assert len(list(measured.glob("*/shared"))) == 1


def test_a_clone_is_given_the_cache_of_the_repository(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("ro#, ot", "clone"):
        git("init", "--quiet", str(tmp_path / name))
        subprocess.run(["dvc", "init", "--quiet"], cwd=tmp_path / name, check=True)
    monkeypatch.setattr(measure, "ROOT", tmp_path / "ro#, ot")
    measure.share_cache(tmp_path / "clone")
    cache = subprocess.check_output(["dvc", "cache", "dir"], cwd=tmp_path / "clone", encoding="utf-8")
    assert Path(cache.strip()) == tmp_path / "ro#, ot" / ".dvc" / "cache"


def test_a_commit_of_pages_goes_on_with_a_run_and_one_of_code_does_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def commit(path: str) -> list[str]:
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(path)
        git("-C", str(tmp_path), "add", "--all")
        git("-C", str(tmp_path), "commit", "--quiet", "-m", path)
        return measure.committed_code()

    git("init", "--quiet", str(tmp_path))
    monkeypatch.setattr(measure, "ROOT", tmp_path)
    monkeypatch.setattr(measure, "CODE", ("src", "params.yaml"))
    (tmp_path / "params.yaml").write_text("seed: 1")
    first = commit("src/a.py")
    assert commit("docs/a.md") == first
    assert not measure.differs_from("HEAD~")
    second = commit("src/b.py")
    assert second != first
    assert measure.differs_from("HEAD~")
    assert commit("params.yaml") not in (first, second)
    measure.require_committed()
    (tmp_path / "src" / "b.py").write_text("changed")
    with pytest.raises(SystemExit, match=r"expected src, params.yaml as committed, got changes. Commit them"):
        measure.require_committed()
