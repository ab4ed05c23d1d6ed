"""Stage `source`: refuses what cannot work, and notices every change in the files at data.path."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from latentlab.core import artifacts
from latentlab.core.errors import DataError, EvaluationError, ParamsError
from stages import source
from tests import idx_files
from tests.imports import ROOT

WriteParams = Callable[..., None]


@pytest.fixture
def write_params(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> WriteParams:
    """Writes params.yaml with some of the data section changed, into an empty folder as the root."""
    root = tmp_path / "repo"
    root.mkdir()
    monkeypatch.chdir(root)
    monkeypatch.delenv("DVC_ROOT", raising=False)

    def write(**data: Any) -> None:
        content = YAML().load(ROOT / "params.yaml")
        content["data"].update(data)
        # No more than the smallest set of test images below has.
        content["evaluate"]["num_samples"] = 40
        YAML().dump(content, root / "params.yaml")

    return write


def test_writes_what_identifies_the_default(write_params: WriteParams) -> None:
    write_params()
    source.main()
    assert artifacts.load_json(artifacts.SOURCE)["source"] == "mnist_sample"


def test_is_the_same_bytes_every_time(write_params: WriteParams) -> None:
    write_params(source="fashion_mnist")
    source.main()
    first = artifacts.SOURCE.read_bytes()
    source.main()
    assert artifacts.SOURCE.read_bytes() == first


def test_networks_that_cannot_fit_the_images_are_refused_before_these_are_read(
    write_params: WriteParams,
) -> None:
    write_params(size=64)
    with pytest.raises(ParamsError, match=r"vae\.filters: expected .* Set it to \[8, 16, 16\] or the like"):
        source.main()


def test_a_change_outside_the_repository_shows(write_params: WriteParams, tmp_path: Path) -> None:
    idx_files.write_folder(tmp_path / "images", 12, 10)
    write_params(source="idx", path="../images")
    source.main()
    first = artifacts.load_json(artifacts.SOURCE)
    idx_files.write_folder(tmp_path / "images", 12, 11)
    source.main()
    assert artifacts.load_json(artifacts.SOURCE) != first


def test_a_changed_image_in_a_folder_shows(write_params: WriteParams, tmp_path: Path) -> None:
    (tmp_path / "images" / "cats").mkdir(parents=True)
    write_params(source="folder", path="../images")
    found = []
    for content in (b"one", b"two", b"one"):
        (tmp_path / "images" / "cats" / "1.png").write_bytes(content)
        source.main()
        found.append(artifacts.SOURCE.read_bytes())
    assert found[0] == found[2] != found[1]


def test_a_bad_value_in_any_section_is_refused_first(write_params: WriteParams) -> None:
    write_params()
    params_file = Path("params.yaml")
    params_file.write_text(params_file.read_text().replace("kl_weight: 0.002", "kl_weight: -1"))
    with pytest.raises(ParamsError, match=r"vae.kl_weight: .*got -1"):
        source.main()
    assert not artifacts.SOURCE.exists()


def test_inception_weights_are_known_by_their_content(write_params: WriteParams) -> None:
    """No weights are none, and missing ones are refused before any stage works."""
    write_params()
    source.main()
    assert artifacts.load_json(artifacts.INCEPTION_SOURCE) == {"sha256": None}
    params_file = Path("params.yaml")
    params_file.write_text(params_file.read_text().replace("inception_weights:", "inception_weights: a.pb"))
    for content in (b"one", b"other"):
        Path("a.pb").write_bytes(content)
        source.main()
        expected = {"sha256": hashlib.sha256(content).hexdigest()}
        assert artifacts.load_json(artifacts.INCEPTION_SOURCE) == expected
    Path("a.pb").unlink()
    with pytest.raises(EvaluationError, match=r"evaluate.inception_weights: .*No such file"):
        source.main()


def test_a_missing_folder_is_refused(write_params: WriteParams) -> None:
    write_params(source="idx", path="nowhere")
    with pytest.raises(DataError, match=r"data.path: expected a folder"):
        source.main()
    assert not artifacts.SOURCE.exists()


def run(*command: str, cwd: Path) -> str:
    """Run one command as a user would, and give what it printed."""
    own = ("DVC_ROOT", "DVC_STAGE", "PYTHONPATH")
    environment = {name: value for name, value in os.environ.items() if name not in own}
    environment["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{environment['PATH']}"
    done = subprocess.run(
        command, cwd=cwd, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


def test_dvc_prepares_again_when_and_only_when_the_files_change(
    write_params: WriteParams, tmp_path: Path
) -> None:
    """Also in a temporary experiment, which runs in a folder where ../images does not exist."""
    repo, images = tmp_path / "repo", tmp_path / "images"
    idx_files.write_folder(images, 60, 40)
    write_params(source="idx", path="../images")
    for name in ("dvc.yaml", ".dvcignore", ".gitignore"):
        shutil.copy(ROOT / name, repo)
    for name in ("src", "stages"):
        shutil.copytree(ROOT / name, repo / name, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
    (repo / ".dvc").mkdir()
    for name in ("config", ".gitignore"):
        shutil.copy(ROOT / ".dvc" / name, repo / ".dvc")
    run("git", "init", "--quiet", cwd=repo)
    run("git", "add", ".", cwd=repo)
    run(
        "git",
        "-c",
        "user.name=t",
        "-c",
        "user.email=t@localhost",
        "commit",
        "--quiet",
        "-m",
        "Start",
        cwd=repo,
    )

    assert "Running stage 'prepare'" in run("dvc", "repro", "prepare", cwd=repo)
    (images / "README").write_text("An unrelated file.")
    assert "Stage 'prepare' didn't change" in run("dvc", "repro", "prepare", cwd=repo)
    idx_files.write_folder(images, 60, 41)
    assert "Running stage 'prepare'" in run("dvc", "exp", "run", "--temp", "prepare", cwd=repo)
    assert "Stage 'prepare' is cached" in run("dvc", "repro", "prepare", cwd=repo)
    info = json.loads((repo / artifacts.DATA_INFO).read_text())
    assert info["splits"]["test"]["count"] == 41
