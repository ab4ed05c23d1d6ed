"""The trainings as stages: what they write, what they refuse, and that no kill changes a byte."""

import os
import random
import re
import shutil
import subprocess
import sys
import time
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from ruamel.yaml import YAML

from latentlab.core import artifacts
from latentlab.families import params, training
from latentlab.families.autoencoder.model.learner import Autoencoder
from latentlab.families.gan.model.learner import Gan
from latentlab.families.vae.model.learner import Vae
from latentlab.learning import threads
from latentlab.scoring.features import Classifier
from latentlab.trained import model_files
from tests import idx_files, pipeline, presets
from tests.imports import ROOT

VAE = artifacts.MODELS / "vae"


class SilentRun:
    """Stands for the run in MLflow."""

    run_id = None

    def log_history(self, history: Any) -> None:
        pass

    def log_images(self, epoch: int, drawn: Any) -> None:
        pass


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the code with the tiny preset as the working directory, and no MLflow."""
    monkeypatch.chdir(tmp_path)
    for name in ("DVC_ROOT", "DVC_STAGE", "DVC_EXP_NAME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://127.0.0.1:9")
    for name in ("src", "stages"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "dvc.yaml", tmp_path)
    presets.write("tiny", tmp_path / "params.yaml")
    # As many halvings as the small images of these tests have.
    set_params(vae__filters=[4], gan__generator_filters=[4], gan__discriminator_filters=[4])
    monkeypatch.setattr(training, "stage_run", lambda *_, **__: nullcontext(SilentRun()))
    # TensorFlow takes no other number once it has computed anything.
    monkeypatch.setattr(threads, "use", lambda threads: None)
    return tmp_path


def set_params(**changes: Any) -> None:
    """Change params by section and key: ``vae__epochs=3``."""
    yaml, path = YAML(), Path("params.yaml")
    content = yaml.load(path)
    for name, value in changes.items():
        section, key = name.split("__")
        content[section][key] = value
    yaml.dump(content, path)


def train(name: str) -> None:
    """Run the training of ``models/NAME``."""
    pipeline.main(f"train_{name}")()


def write_images(height: int, width: int, count: int = 30, channels: int = 1) -> None:
    """Prepared images and labels of a given size."""
    rng = np.random.default_rng(0)
    for split in artifacts.SPLITS:
        images = rng.integers(0, 256, (count, height, width, channels), dtype=np.uint8)
        artifacts.save_array(artifacts.images_path(split), images)
        artifacts.save_array(artifacts.labels_path(split), (np.arange(count) % 10).astype(np.uint8))


@pytest.mark.parametrize(
    ("name", "files", "inputs"),
    [
        (
            "features",
            ["classifier.keras", "random.keras"],
            {"classifier": [8, 8, 1], "random": [8, 8, 1]},
        ),
        ("autoencoder", ["decoder.keras", "encoder.keras"], {"encoder": [8, 8, 1], "decoder": [2]}),
        (
            "vae",
            ["decoder.keras", "encoder.keras", "manifolds.npy", "planes.npy"],
            {"encoder": [8, 8, 1], "decoder": [2]},
        ),
        (
            "gan",
            ["discriminator.keras", "generator.keras", "samples.npy", "snapshots", "untrained.keras"],
            {"generator": [10], "discriminator": [8, 8, 1], "untrained": [10]},
        ),
    ],
)
def test_outputs_of_a_stage(
    name: str, files: list[str], inputs: dict[str, list[int]], project: Path, eagerly: None
) -> None:
    write_images(8, 8)
    set_params(features__epochs=2)
    train(name)
    folder = artifacts.MODELS / name
    common = {"history.json", "signature.json", "threads.json", artifacts.TRAINING_HASHES}
    assert {path.name for path in folder.iterdir()} == common | set(files)
    signatures = artifacts.load_json(folder / "signature.json")
    assert {model: signature["inputs"] for model, signature in signatures.items()} == inputs
    assert len(artifacts.load_json(folder / "history.json")) == 2
    if name == "vae":
        assert artifacts.load_array(folder / "manifolds.npy").shape == (2, 12, 12, 8, 8, 1)
        assert artifacts.load_array(folder / "planes.npy").shape == (2, 30, 2)
    if name == "gan":
        assert artifacts.load_array(folder / "samples.npy").shape == (2, 100, 8, 8, 1)
        # Of two epochs, the last of which is the generator itself.
        assert artifacts.load_json(artifacts.snapshots_path(folder)) == [1]
        paths = folder / "untrained.keras", artifacts.snapshot_path(folder, 1), folder / "generator.keras"
        weights = [model_files.load_model(path).get_weights()[0] for path in paths]
        assert not np.array_equal(weights[0], weights[1])
        assert not np.array_equal(weights[1], weights[2])


@pytest.mark.parametrize(("name", "model"), [("vae", "decoder"), ("gan", "generator")])
def test_images_of_any_size_and_in_colour_can_be_trained_on(
    name: str, model: str, project: Path, eagerly: None
) -> None:
    write_images(9, 11, channels=3)
    set_params(vae__filters=[2], vae__epochs=1, vae__sample_epochs=[1], gan__steps_per_epoch=1)
    train(name)
    made = model_files.load_model(artifacts.MODELS / name / f"{model}.keras")
    assert made.output_shape == (None, 9, 11, 3)


def test_images_of_any_size_can_be_classified(project: Path, eagerly: None) -> None:
    write_images(7, 9)
    set_params(features__epochs=1)
    train("features")
    assert (artifacts.FEATURES / "classifier.keras").exists()


def test_without_labels_there_is_a_fixed_random_network_and_no_classifier(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_images(8, 8)
    artifacts.save_array(artifacts.labels_path("train"), np.zeros(30, np.uint8))
    path, weights = artifacts.FEATURES / "random.keras", []
    for seed, epochs in ((0, 1), (0, 2), (1, 1)):
        set_params(features__seed=seed, features__epochs=epochs)
        train("features")
        weights.append(model_files.load_model(path).get_weights())
    assert "no labels, so no classifier is trained" in capsys.readouterr().out
    assert not (artifacts.FEATURES / "classifier.keras").exists()
    assert artifacts.load_json(artifacts.FEATURES / "history.json") == []
    assert all(np.array_equal(*pair) for pair in zip(weights[0], weights[1], strict=True))
    assert not np.array_equal(weights[0][0], weights[2][0])


@pytest.mark.parametrize(("setting", "steps"), [(None, 3), (2, 2)])
def test_steps_of_a_gan_epoch(
    setting: int | None, steps: int, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By default as many as there are batches of 10 in 35 images, and one at the least."""
    write_images(8, 8, count=35)
    set_params(gan__steps_per_epoch=setting, gan__batch_size=10)
    assert feed_of_gan(monkeypatch).order(1).shape == (steps, 5)


def test_a_gan_epoch_has_a_step_at_the_least(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_images(8, 8, count=35)
    set_params(gan__batch_size=100)
    assert feed_of_gan(monkeypatch).order(1).shape == (1, 50)


def feed_of_gan(monkeypatch: pytest.MonkeyPatch) -> Any:
    """What the stage would train on."""
    feeds: list[Any] = []

    class Stop(Exception):
        pass

    def fit(self: Any, learner: Any, feed: Any, *_: Any) -> None:
        feeds.append(feed)
        raise Stop

    monkeypatch.setattr(training.TrainingRun, "fit", fit)
    with pytest.raises(Stop):
        train("gan")
    return feeds[0]


@pytest.mark.parametrize("learner", [Classifier, Autoencoder, Vae, Gan])
def test_remedies_name_keys_of_params(learner: type) -> None:
    keys = re.findall(r"(\w+)\.(\w+)", learner.remedy)  # type: ignore[attr-defined]
    assert keys
    for section, key in keys:
        assert key in type(getattr(params.load(ROOT / "params.yaml"), section)).model_fields


def start(name: str) -> subprocess.Popen[str]:
    """A stage as DVC runs it."""
    return subprocess.Popen(
        [sys.executable, pipeline.script(name).relative_to(ROOT), *pipeline.families(name)],
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finish(name: str) -> tuple[str, str]:
    """What a stage that ends well prints on its output and its error stream."""
    with start(name) as process:
        printed, complaints = process.communicate()
    assert process.returncode == 0, complaints
    return printed, complaints


def kill_after(name: str, epoch: int, delay: float) -> None:
    """Kill a stage some time after it told of an epoch; it must not have ended by then."""
    with start(name) as process:
        assert process.stdout
        for line in process.stdout:
            if line.startswith(f"epoch {epoch}/"):
                break
        time.sleep(delay)
        process.kill()
    assert process.returncode == -9


def outputs(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_killed_stage_goes_on_to_the_same_bytes(project: Path) -> None:
    idx_files.write_folder(project / "images", 120, 40, side=8)
    set_params(data__source="idx", data__path="images")
    set_params(vae__epochs=40, vae__batch_size=50, vae__filters=[2], evaluate__num_samples=40)
    set_params(vae__reconstruction="gaussian_optimal", vae__kl_weight=None)
    for name in ("source", "prepare"):
        finish(name)
    printed, complaints = finish("train_vae")
    assert len(re.findall(r"^epoch \d+/40", printed, re.M)) == 40
    assert "Going on" not in printed
    # TensorFlow's log is quiet because the library sets its level before anything imports it.
    assert not re.search(r"^[IWE]0000.*(service|device_compiler)\.", complaints, re.M)
    expected = outputs(VAE)
    for folder in (VAE, Path(".latentlab")):
        shutil.rmtree(folder)

    rng = random.Random()
    epoch = rng.randrange(1, 30)
    kill_after("train_vae", epoch, delay=rng.uniform(0, 0.05))
    assert not VAE.exists()
    printed, _ = finish("train_vae")
    match = re.match(r"Going on after epoch (\d+) from a checkpoint\.", printed)
    assert match
    assert epoch <= int(match[1]) < 40
    assert outputs(VAE) == expected
