"""What is missing, damaged, full or read-only ends a stage in one line and leaves nothing half-written.

The stages run one after the other in this process, on small images and without MLflow.
"""

import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple

import pytest
from ruamel.yaml import YAML

from latentlab.core import artifacts, digests, process
from latentlab.families import training
from latentlab.learning import threads
from tests import idx_files, presets
from tests.imports import ROOT
from tests.pipeline import ORDER, inputs, main, outputs

CHANGES: dict[str, Any] = {
    "data": {"source": "idx", "path": "images", "limit": 100},
    # The images are noise, in which no network can be trusted, so that all would be measured.
    "features": {"network": "classifier", "epochs": 1, "batch_size": 50},
    "autoencoder": {"epochs": 1, "batch_size": 50},
    "vae": {"epochs": 1, "batch_size": 50, "sample_epochs": [1]},
    "gan": {"epochs": 2, "steps_per_epoch": 1, "sample_epochs": [1]},
    "evaluate": {"num_samples": 100, "minimum_accuracy": 0.0, "importance_samples": [1]},
}
# Files that some settings alone make, so that a stage cannot miss them; damaged ones it must notice.
OPTIONAL = {f"reports/scores/{model}/{model}/by_class.npy" for model in ("autoencoder", "vae")}


class Finished(NamedTuple):
    """A project in which all stages have run, and the paths that each of them opened."""

    folder: Path
    opened: dict[str, set[str]]


@pytest.fixture(scope="module", autouse=True)
def _quick() -> Iterator[None]:
    """No MLflow, nothing compiled, and no new number of threads, which TensorFlow takes only once."""
    import tensorflow as tf

    live = SimpleNamespace(run_id=None, log_history=lambda history: None, log_images=lambda *_: None)
    with pytest.MonkeyPatch.context() as patch:
        for name in ("DVC_ROOT", "MLFLOW_TRACKING_URI"):
            patch.delenv(name, raising=False)
        patch.setattr(training, "stage_run", lambda *_, **__: nullcontext(live))
        patch.setattr(threads, "use", lambda threads: None)
        tf.config.run_functions_eagerly(True)
        yield
        tf.config.run_functions_eagerly(False)


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory, opened: list[str]) -> Finished:
    folder = tmp_path_factory.mktemp("finished")
    for name in ("src", "stages"):
        (folder / name).symlink_to(ROOT / name)
    shutil.copy(ROOT / "dvc.yaml", folder)
    idx_files.write_folder(folder / "images", 900, 110, side=16)
    yaml = YAML()
    content = presets.values("tiny")
    for section, values in CHANGES.items():
        content[section].update(values)
    yaml.dump(content, folder / "params.yaml")
    read = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        for name in ORDER:
            for dep in inputs(name):  # What a training opens for its digests alone, it opens no second time.
                digests.sha256(Path(dep))
                digests.dvc(Path(dep))
            opened.clear()
            main(name)()
            read[name] = {path.removeprefix(f"{folder}/") for path in opened}
    return Finished(folder, read)


@pytest.fixture
def project(finished: Finished, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the finished project, as the working directory."""
    folder = shutil.copytree(finished.folder, tmp_path / "project", symlinks=True)
    monkeypatch.chdir(folder)
    return folder


def run(name: str) -> str:
    """What a stage says when it fails, as its process would; nothing when it ends well."""
    try:
        process.run(main(name))
    except SystemExit as end:
        return str(end.code)
    return ""


def input_files(name: str) -> list[Path]:
    """The files that a stage depends on; not all that lie in a folder need be read."""
    deps = [Path(dep) for dep in inputs(name)]
    found = [file for dep in deps for file in (sorted(dep.rglob("*")) if dep.is_dir() else [dep])]
    return [file for file in found if file.is_file()]


def assert_nothing_half_written() -> None:
    assert not list(Path().rglob("*.partial*"))


def truncate(path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])


@pytest.mark.parametrize("damage", [Path.unlink, truncate], ids=["missing", "truncated"])
@pytest.mark.parametrize("name", [name for name in ORDER if name != "source"])
def test_every_input_of_a_stage(
    name: str,
    damage: Callable[[Path], None],
    finished: Finished,
    project: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Drawing takes long, and reads nothing.
    monkeypatch.setattr(artifacts, "save_figure", lambda path, figure: None)
    made = [Path(out) for out in outputs(name)]
    for out in made:  # as DVC does
        shutil.rmtree(out) if out.is_dir() else out.unlink()
    read = [file for file in input_files(name) if str(file) in finished.opened[name]]
    assert read
    for path in read:
        if damage is Path.unlink and str(path) in OPTIONAL:
            continue
        content = path.read_bytes()
        damage(path)
        said = run(name)
        assert said.startswith(f"\nerror: {path} is "), f"{path}: {said!r}"
        assert "Run `dvc repro`" in said or "run `dvc repro`" in said
        assert not any(out.is_file() for out in made)
        assert_nothing_half_written()
        path.write_bytes(content)


@contextmanager
def mounted(folder: Path, options: str) -> Iterator[None]:
    """A file system of its own in place of a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)]
    if not shutil.which("mount") or subprocess.run(command, capture_output=True).returncode:
        pytest.skip("to mount a full or read-only file system takes more rights")
    try:
        yield
    finally:
        subprocess.run(["umount", str(folder)], check=True)


WRITTEN = [
    ("prepare", "data/prepared"),
    ("train_features", "models"),
    ("train_vae", "models"),
    ("train_vae", ".latentlab"),
    ("train_gan", "models"),
    ("train_gan", ".latentlab"),
    ("score_vae", "reports/scores/vae"),
    ("score_gan", "reports/scores/gan"),
    ("figures", "reports/figures"),
]


@pytest.mark.parametrize(("name", "folder"), WRITTEN)
def test_a_full_disk(name: str, folder: str, project: Path) -> None:
    with mounted(project / folder, "size=8k"):
        said = run(name)
        assert re.search(r"(No space left on device|requested and \d+ written).*Free ", said), said
        assert_nothing_half_written()


@pytest.mark.parametrize(("name", "folder"), WRITTEN)
def test_a_folder_that_is_read_only(name: str, folder: str, project: Path) -> None:
    with mounted(project / folder, "ro"):
        said = run(name)
        assert re.search(r"Read-only file system.* rights", said), said
