"""Every key of params.yaml changes something, and exactly in the stages that dvc.yaml says it does.

The stages run in this process, one after the other, on a handful of random images and without MLflow.
"""

import contextlib
import hashlib
import shutil
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple

import numpy as np
import pytest
from PIL import Image
from ruamel.yaml import YAML

from latentlab.core.errors import DataError, EvaluationError
from latentlab.families import params, training
from latentlab.learning import devices, threads
from tests import idx_files, presets
from tests.imports import ROOT
from tests.pipeline import ORDER, STAGES, inputs, main, outputs

SCORE_FAMILIES = "score_autoencoder score_vae score_gan"
SCORE_ALL = f"score_references {SCORE_FAMILIES}"
TRAIN_FAMILIES = "train_autoencoder train_vae train_gan"
# What is different from the tiny preset.
BASE: dict[str, Any] = {
    "threads": 1,
    "data.source": "idx",
    "data.path": "images",
    "data.limit": 100,
    # The images are noise, in which none can be trusted, so that all three would be measured.
    "features.network": "classifier",
    "features.epochs": 1,
    "features.batch_size": 50,
    "autoencoder.epochs": 1,
    "autoencoder.batch_size": 50,
    "vae.epochs": 1,
    "vae.sample_epochs": [1],
    "vae.batch_size": 50,
    "gan.batch_size": 10,
    "gan.steps_per_epoch": 2,
    "gan.average_decay": 0.5,
    "evaluate.num_samples": 100,
    "evaluate.minimum_accuracy": 0.0,
    "evaluate.importance_samples": [1, 2],
}


class Change(NamedTuple):
    """Another value of a key, and the stages that then must give something else.

    Attributes:
        along: what must change with it.
        given: where alone it matters.
    """

    value: Any
    stages: str
    along: Mapping[str, Any] = {}
    given: Mapping[str, Any] = {}


CHANGES = {
    "seed": Change(2, f"{TRAIN_FAMILIES} {SCORE_FAMILIES}"),
    "threads": Change(2, f"train_features score_references {TRAIN_FAMILIES} {SCORE_FAMILIES}"),
    "precision": Change("bfloat16", TRAIN_FAMILIES),
    "devices": Change(2, TRAIN_FAMILIES),
    "data.source": Change("mnist_sample", "source prepare", {"data.path": None}),
    "data.path": Change("others", "source prepare"),
    "data.size": Change(16, "prepare"),
    "data.channels": Change(3, "prepare"),
    "data.skip_bad_files": Change(
        True, "prepare", given={"data.source": "folder", "data.path": "pictures", "data.limit": 30}
    ),
    "data.limit": Change(50, "prepare"),
    "data.split_seed": Change(1, "prepare"),
    "features.network": Change("random", "score_references"),
    "features.seed": Change(1, f"train_features {SCORE_ALL}"),
    "features.epochs": Change(2, "train_features"),
    "features.batch_size": Change(20, "train_features"),
    "features.learning_rate": Change(0.1, "train_features"),
    "features.filters": Change([3, 5], "train_features"),
    "features.width": Change(8, "train_features"),
    "features.dropout": Change(0.1, "train_features"),
    "features.shift": Change(0.4, "train_features"),
    "vae.latent_dim": Change(3, "train_autoencoder train_vae"),
    "vae.filters": Change([3, 4], "train_autoencoder train_vae"),
    "vae.blocks": Change("residual", "train_autoencoder train_vae"),
    "vae.dense_units": Change(5, "train_autoencoder train_vae"),
    "vae.epsilon_sigma": Change(0.5, "train_vae score_autoencoder score_vae"),
    "vae.reconstruction": Change("gaussian", "train_autoencoder train_vae score_autoencoder score_vae"),
    "vae.kl_weight": Change(0.5, "train_vae score_vae"),
    "vae.free_bits": Change(0.5, "train_vae"),
    "vae.learning_rate": Change(0.1, "train_vae"),
    "vae.batch_size": Change(25, "train_vae"),
    "vae.epochs": Change(2, "train_vae"),
    "vae.cooldown": Change(1.0, "train_vae"),
    "vae.kl_warmup_epochs": Change(1, "train_vae", {"vae.epochs": 2}),
    "vae.conditional": Change(True, "train_vae"),
    "autoencoder.learning_rate": Change(0.1, "train_autoencoder"),
    "autoencoder.batch_size": Change(25, "train_autoencoder"),
    "autoencoder.epochs": Change(2, "train_autoencoder"),
    "gan.latent_dim": Change(3, "train_gan"),
    "gan.generator_filters": Change([3, 4], "train_gan"),
    "gan.discriminator_filters": Change([3, 4], "train_gan"),
    "gan.blocks": Change("residual", "train_gan"),
    "gan.r1": Change(0.1, "train_gan"),
    "gan.r2": Change(0.1, "train_gan"),
    "gan.augmentations": Change(["colour", "flip"], "train_gan"),
    "gan.spectral_norm": Change(False, "train_gan"),
    "gan.conditional": Change(True, "train_gan"),
    "gan.objective": Change("hinge", "train_gan score_gan"),
    "gan.batch_norm": Change(False, "train_gan"),
    "gan.dropout": Change(0.1, "train_gan"),
    "gan.generator_learning_rate": Change(0.1, "train_gan"),
    "gan.discriminator_learning_rate": Change(0.1, "train_gan"),
    "gan.beta_1": Change(0.9, "train_gan"),
    "gan.batch_size": Change(20, "train_gan"),
    "gan.epochs": Change(3, "train_gan"),
    "gan.steps_per_epoch": Change(1, "train_gan"),
    "gan.share_fakes": Change(False, "train_gan"),
    "gan.average_decay": Change(0.0, "train_gan"),
    "vae.sample_epochs": Change([2], "train_vae figures", {"vae.epochs": 2}),
    "gan.sample_epochs": Change([2], "train_gan figures"),
    "gan.snapshot_every": Change(2, "train_gan"),
    "evaluate.num_samples": Change(101, f"prepare {SCORE_ALL}"),
    "evaluate.minimum_accuracy": Change(1.0, SCORE_ALL),
    "evaluate.importance_samples": Change([1, 3], "score_vae"),
    "evaluate.importance_images": Change(5, "score_vae"),
    # Any file but the right one, which is refused before anything is scored.
    "evaluate.inception_weights": Change("dvc.yaml", f"source {SCORE_ALL}"),
    "evaluate.samplers": Change(["gaussian"], "score_autoencoder score_vae"),
    "evaluate.mixture_components": Change("bic", "score_autoencoder score_vae"),
}
PAIRS = [(key, stage) for key, change in CHANGES.items() for stage in change.stages.split()]


class Trace(NamedTuple):
    """What running a stage came to.

    Attributes:
        files: SHA-256 of each file that it wrote.
        told: the numbers of threads and devices that TensorFlow was told, and the error that ended the stage.
        read: files of earlier stages that it opened.
    """

    files: dict[str, str]
    told: list[Any]
    read: set[str]


@pytest.fixture(scope="module")
def run(opened: list[str]) -> Iterator[Any]:
    """Runs one stage in a folder with some values in place of the tiny preset's."""
    import tensorflow as tf

    def run_stage(stage: str, folder: Path, values: Mapping[str, Any]) -> Trace:
        write_params(folder, values)
        for out in outputs(stage):
            path = folder / out
            shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)
        told: list[Any] = []
        patch.setattr(threads, "use", told.append)
        # TensorFlow takes its devices only once; on several, results are those of one up to rounding.
        patch.setattr(devices, "using", lambda number: noting(number, told))
        opened.clear()
        with contextlib.chdir(folder):
            try:
                main(stage)()
            except (DataError, EvaluationError) as error:
                told.append(str(error))
            files = {file: hash_of(Path(file)) for out in outputs(stage) for file in files_in(Path(out))}
        made_by_others = [out for name in ORDER if name != stage for out in outputs(name)]
        read = {path.removeprefix(f"{folder}/") for path in opened}
        return Trace(files, told, {path for path in read if lies_in(path, made_by_others)})

    @contextlib.contextmanager
    def no_mlflow(*_: Any, **__: Any) -> Iterator[Any]:
        yield SimpleNamespace(run_id=None, log_history=lambda history: None, log_images=lambda *_: None)

    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("DVC_ROOT", raising=False)
        patch.setattr(training, "stage_run", no_mlflow)
        # Compiling takes longer than so few steps.
        tf.config.run_functions_eagerly(True)
        yield run_stage
        tf.config.run_functions_eagerly(False)


@pytest.fixture(scope="module")
def base(run: Any, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Trace]]:
    """A project in which all stages ran on the base values, and what they came to."""
    folder = tmp_path_factory.mktemp("base")
    for name in ("src", "stages"):
        (folder / name).symlink_to(ROOT / name)
    shutil.copy(ROOT / "dvc.yaml", folder)
    idx_files.write_folder(folder / "images", 900, 110)
    idx_files.write_folder(folder / "others", 910, 110)
    write_pictures(folder / "pictures")
    return folder, {stage: run(stage, folder, BASE) for stage in ORDER}


@contextlib.contextmanager
def noting(value: Any, told: list[Any]) -> Iterator[None]:
    told.append(value)
    yield


def write_pictures(folder: Path) -> None:
    """A few images, and a file that is none."""
    folder.mkdir()
    for value in range(50):
        Image.fromarray(np.full((8, 8), value, np.uint8)).save(folder / f"{value}.bmp")
    (folder / "notes.bmp").write_text("no image")


def write_params(folder: Path, values: Mapping[str, Any]) -> None:
    yaml = YAML(typ="safe", pure=True)
    content = presets.values("tiny")
    for key, value in values.items():
        *section, name = key.split(".")
        (content[section[0]] if section else content)[name] = value
    with (folder / "params.yaml").open("w") as file:
        yaml.dump(content, file)


def files_in(path: Path) -> list[str]:
    files = [path] if path.is_file() else path.rglob("*")
    return [file.as_posix() for file in files if file.is_file()]


def hash_of(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def lies_in(path: str, places: Iterable[str]) -> bool:
    return any(path == place or path.startswith(f"{place}/") for place in places)


def leaves() -> set[str]:
    """Every dotted key of params.yaml."""
    content = YAML(typ="safe").load(ROOT / "params.yaml")
    return {
        f"{name}.{key}" if isinstance(value, dict) else name
        for name, value in content.items()
        for key in (value if isinstance(value, dict) else [name])
    }


def names(stage: str, key: str) -> bool:
    """Whether DVC compares the key's value to tell if the stage must run."""
    return any(key == entry or key.startswith(f"{entry}.") for entry in STAGES[stage].get("params", []))


def test_the_table_has_every_key() -> None:
    assert set(CHANGES) == leaves()


@pytest.mark.parametrize("key", CHANGES)
def test_dvc_runs_the_stages_that_a_key_belongs_to(key: str) -> None:
    assert [stage for stage in ORDER if names(stage, key)] == CHANGES[key].stages.split()


@pytest.mark.parametrize(("key", "stage"), PAIRS)
def test_a_key_changes_what_its_stages_make(
    key: str, stage: str, run: Any, base: tuple[Path, dict[str, Trace]], tmp_path: Path
) -> None:
    folder, traces = base
    project = shutil.copytree(folder, tmp_path / "project", symlinks=True)
    change = CHANGES[key]
    base_values = {**BASE, **change.given}
    values = {**base_values, key: change.value, **change.along}
    if stage == "figures":  # what they are drawn of is made anew as well
        run(f"train_{key.partition('.')[0]}", project, values)
    if stage.startswith(("prepare", "score_")):  # which hold files from outside to what `source` says of them
        run("source", project, values)
    before = run(stage, project, base_values) if change.given else traces[stage]
    trace = run(stage, project, values)
    assert (trace.files, trace.told) != (before.files, before.told)
    params.load(project / "params.yaml")


@pytest.mark.parametrize("stage", [name for name in ORDER if name != "source"])
def test_nothing_changes_without_a_change(
    stage: str, run: Any, base: tuple[Path, dict[str, Trace]], tmp_path: Path
) -> None:
    """Else the test above would prove nothing."""
    folder, traces = base
    project = shutil.copytree(folder, tmp_path / "project", symlinks=True)
    trace = run(stage, project, BASE)
    assert (trace.files, trace.told) == (traces[stage].files, traces[stage].told)
    assert trace.files


@pytest.mark.parametrize("stage", ORDER)
def test_a_stage_reads_what_its_deps_name_and_all_of_it(
    stage: str, base: tuple[Path, dict[str, Trace]]
) -> None:
    _, traces = base
    read = traces[stage].read
    assert [path for path in read if not lies_in(path, inputs(stage))] == []
    assert [dep for dep in inputs(stage) if not any(lies_in(path, [dep]) for path in read)] == []
