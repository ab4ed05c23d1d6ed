"""`make reproduce`: a second run in a clone, held to dvc.lock byte by byte and then score by score."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from scripts import reproduce
from scripts.reproduce import Score, compare, make_clone
from tests.imports import ROOT

METRICS = {
    "vae": {"frechet_distance": 10.0, "kl_nats": 4.0, "class_histogram": [0.5, 0.5]},
    "gan": {"frechet_distance": 20.0, "classes_covered": 9},
    "data": {"test": 1000},
    "features": {"sha256": "ab"},
}
# A pipeline of one stage, whose outputs follow the environment as those of a real one follow the CPU.
STAGE = """
import json, os
from pathlib import Path
Path("models/vae").mkdir(parents=True)
Path("models/vae/threads.json").write_text(os.environ["THREADS"])
Path("models/vae/decoder.keras").write_text("weights")
Path("reports").mkdir(exist_ok=True)
metrics = {
    "vae": {"frechet_distance": float(os.environ["DISTANCE"])},
    "store": os.environ["MLFLOW_TRACKING_URI"].partition(":")[0],
}
Path("reports/metrics.json").write_text(json.dumps(metrics))
"""
PIPELINE = """
stages:
  train_vae:
    cmd: python train.py
    params: [seed]
    deps: [train.py]
    outs: [models/vae]
    metrics: [reports/metrics.json]
"""


def write(path: Path, content: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content if isinstance(content, str) else json.dumps(content))


def write_run(
    folder: Path, *, digest: str, metrics: Any, threads: int = 2, seed: int = 1, room: str = "code"
) -> None:
    """A folder as `dvc repro` leaves it."""
    outs = [{"path": "models/vae", "md5": digest}, {"path": "data/source.json", "md5": "same"}]
    code = {"stages/train.py": "code", "src/latentlab/learning": room}
    deps = [{"path": path, "md5": md5} for path, md5 in (code | {"data/train.npy": digest}).items()]
    stage = {"cmd": "python", "params": {"params.yaml": {"seed": seed}}, "deps": deps, "outs": outs}
    write(folder / "dvc.lock", {"schema": "2.0", "stages": {"train_vae": stage}})
    write(folder / "models" / "vae" / "decoder.keras", digest)
    write(folder / "models" / "vae" / "history.json", "[]")
    write(folder / "models" / "vae" / "threads.json", f"{threads}\n")
    write(folder / "reports" / "metrics.json", metrics)


def changed(**scores: float) -> Any:
    """The metrics with some scores of ``section__name`` in place of their own."""
    content = json.loads(json.dumps(METRICS))
    for name, value in scores.items():
        section, key = name.split("__")
        content[section][key] = value
    return content


def test_equal_bytes_are_all_that_is_asked(tmp_path: Path) -> None:
    for name in ("root", "clone"):
        write_run(tmp_path / name, digest="a", metrics=METRICS)
    lines, good = compare(tmp_path / "root", tmp_path / "clone")
    assert good
    assert lines == ["2 of 2 outputs are the bytes of dvc.lock."]


@pytest.mark.parametrize(
    ("scores", "good", "told"),
    [
        ({}, True, "0 scores are not equal"),
        ({"vae__frechet_distance": 12.0, "vae__kl_nats": 3.7}, True, "2 scores are not equal"),
        ({"vae__frechet_distance": 12.6}, False, "  DIFFERS  vae.frechet_distance"),
        ({"vae__kl_nats": 3.5}, False, "  DIFFERS  vae.kl_nats"),
        ({"gan__classes_covered": 8}, True, "  agrees   gan.classes_covered"),
        ({"gan__classes_covered": 7}, False, "  DIFFERS  gan.classes_covered"),
        ({"data__test": 1001}, False, "  DIFFERS  data.test"),
        ({"data__train": 5}, False, "  DIFFERS  data.train"),
        ({"vae__frechet_distance": float("nan")}, False, "  DIFFERS  vae.frechet_distance"),
    ],
)
def test_other_bytes_are_judged_by_their_scores(
    tmp_path: Path, scores: dict[str, float], good: bool, told: str
) -> None:
    write_run(tmp_path / "root", digest="a", metrics=METRICS)
    write_run(tmp_path / "clone", digest="b", metrics=changed(**scores))
    lines, found = compare(tmp_path / "root", tmp_path / "clone")
    assert found == good
    assert lines[:2] == [
        "1 of 2 outputs are the bytes of dvc.lock.",
        "  other bytes: models/vae/decoder.keras",
    ]
    assert told in "\n".join(lines)


def test_a_tolerance_is_stated() -> None:
    assert str(Score("gan.frechet_distance", 20.0, 21.0)).endswith("20           21   tolerance 25%")
    assert str(Score("vae.class_histogram.3", 0.1, 0.3)).endswith("tolerance 0.1")
    assert str(Score("data.test", 10, 11)).endswith("tolerance equal")


def test_the_best_epoch_is_up_to_chance_and_those_that_were_scored_are_not() -> None:
    assert Score("gan_best.epoch", 10, 40).agrees
    assert not Score("gan.snapshots.3.epoch", 10, 40).agrees
    assert Score("gan.snapshots.3.distance", 0.5, 0.7).agrees


@pytest.mark.parametrize("name", ["default", "mnist", "photos_32", "rgb_folder", "unlabelled"])
def test_every_score_that_is_no_count_may_differ_somewhat(name: str) -> None:
    """On another CPU no float comes out the same."""
    content = json.loads((ROOT / "docs" / "results" / f"{name}.json").read_text())
    scores = reproduce.numbers(content.get("metrics", content))
    floats = [key for key, value in scores if isinstance(value, float)]
    assert floats
    assert [key for key in floats if Score(key, 0.0, 0.0).tolerance == reproduce.Tolerance()] == []


def test_another_number_of_threads_is_named(tmp_path: Path) -> None:
    write_run(tmp_path / "root", digest="a", metrics=METRICS)
    write_run(tmp_path / "clone", digest="b", metrics=METRICS, threads=4)
    said = "\n".join(compare(tmp_path / "root", tmp_path / "clone")[0])
    assert "models/vae was trained on 2 threads and now on 4, which gives other bits" in said


def test_without_the_first_outputs_bytes_are_compared_and_no_more(tmp_path: Path) -> None:
    for name, digest in (("root", "a"), ("clone", "b")):
        write_run(tmp_path / name, digest=digest, metrics=METRICS)
    for path in [*(tmp_path / "root" / "models" / "vae").iterdir()]:
        path.unlink()
    (tmp_path / "root" / "models" / "vae").rmdir()
    (tmp_path / "root" / "reports" / "metrics.json").unlink()
    lines, good = compare(tmp_path / "root", tmp_path / "clone")
    assert not good
    assert lines[1] == "  other bytes: models/vae"
    assert "an unknown number of threads and now on 2" in lines[2]
    assert "Get it with `dvc pull`" in lines[3]


@pytest.mark.parametrize("other", [{"seed": 2}, {"room": "other code"}])
def test_a_lock_of_other_params_or_code_is_not_compared(tmp_path: Path, other: dict[str, Any]) -> None:
    write_run(tmp_path / "root", digest="a", metrics=METRICS)
    write_run(tmp_path / "clone", digest="b", metrics=METRICS, **other)
    [line], good = compare(tmp_path / "root", tmp_path / "clone")
    assert not good
    assert line == "dvc.lock is of other code or params in train_vae. Run `make repro` first."


def git(*arguments: str, cwd: Path) -> str:
    command = ["git", "-c", "user.name=t", "-c", "user.email=t@localhost", *arguments]
    return subprocess.run(command, cwd=cwd, check=True, capture_output=True, text=True).stdout


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A Git repository with a small pipeline."""
    root = tmp_path / "repository"
    write(root / "dvc.yaml", PIPELINE)
    write(root / "train.py", STAGE)
    write(root / "params.yaml", "seed: 1\ndata:\n  path: null\n")
    write(root / ".gitignore", "/models/\n/reports/\n/images/\n")
    write(root / ".dvc" / "config", "[core]\n    analytics = false\n    autostage = false\n")
    write(root / ".dvc" / ".gitignore", "/config.local\n/tmp\n/cache\n")
    git("init", "--quiet", cwd=root)
    git("add", ".", cwd=root)
    git("commit", "--quiet", "-m", "Start", cwd=root)
    return root


def test_the_clone_is_what_would_run_here_without_its_results(repository: Path, tmp_path: Path) -> None:
    (repository / "train.py").write_text("changed")
    write(repository / "new" / "module.py", "new")
    write(repository / "dvc.lock", "{}")
    write(repository / "models" / "vae" / "decoder.keras", "weights")
    write(repository / "images" / "train", "pixels")
    (repository / "params.yaml").write_text("data:\n  path: images\n")
    clone = tmp_path / "clone"
    make_clone(repository, clone)
    assert (clone / "train.py").read_text() == "changed"
    assert (clone / "new" / "module.py").read_text() == "new"
    assert (clone / "images" / "train").read_text() == "pixels"
    assert not (clone / "models").exists()
    assert not (clone / "dvc.lock").exists()
    (repository / "train.py").unlink()
    git("add", "--all", cwd=repository)
    make_clone(repository, tmp_path / "second")
    assert (tmp_path / "second" / "new" / "module.py").read_text() == "new"
    assert not (tmp_path / "second" / "train.py").exists()


def call(repository: Path, *command: str, **environment: str) -> tuple[int, str]:
    """Code and output of a command on one machine, or with other values on another."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    base = {"PATH": path, "THREADS": "2", "DISTANCE": "10", "MLFLOW_TRACKING_URI": "http://a.server"}
    done = subprocess.run(
        command,
        cwd=repository,
        env=os.environ | base | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    return done.returncode, done.stdout


def test_a_pipeline_is_run_again_and_nothing_here_changes(repository: Path) -> None:
    script = (sys.executable, str(ROOT / "scripts" / "reproduce.py"))
    code, said = call(repository, *script)
    assert (code, said) == (
        1,
        "error: dvc.lock is missing. Run `make repro`, whose result is what can be reproduced.\n",
    )
    assert call(repository, "dvc", "repro", MLFLOW_TRACKING_URI="sqlite:///a.db")[0] == 0
    before = {path: path.read_bytes() for path in repository.rglob("*") if path.is_file()}

    code, said = call(repository, *script)
    assert code == 0, said
    assert said.endswith("2 of 2 outputs are the bytes of dvc.lock.\n")
    code, said = call(repository, *script, THREADS="4", DISTANCE="11")
    assert code == 0
    assert "0 of 2 outputs" in said
    assert "  other bytes: models/vae/threads.json\n" in said
    assert "decoder.keras" not in said
    assert "  agrees   vae.frechet_distance" in said
    assert call(repository, *script, DISTANCE="13")[0] == 1
    assert {path: path.read_bytes() for path in repository.rglob("*") if path.is_file()} == before


def test_a_second_run_that_fails_is_no_comparison(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    (repository / "train.py").write_text("raise SystemExit('broken')")
    with pytest.raises(SystemExit, match="the second run failed"):
        reproduce.run_pipeline(repository)
