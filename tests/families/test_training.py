import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from latentlab.core import artifacts, provenance
from latentlab.core.errors import ArtifactError, ParamsError, TrainingError
from latentlab.data import duplicates
from latentlab.families import params, training
from latentlab.families.gan.family import GAN
from latentlab.families.vae.family import VAE
from latentlab.learning import checkpoints, devices, precision, threads
from latentlab.learning.batches import Shuffled
from latentlab.learning.loop import Schedule
from latentlab.trained import model_files
from tests.counting_learner import CountingLearner
from tests.imports import ROOT
from tests.tiny_learners import build_gan, images, labels

FEED = Shuffled((np.arange(20, dtype=np.uint8),), batch_size=4, seed=1)


class Live:
    """Stands for the run in MLflow, which has tests of its own."""

    def __init__(self) -> None:
        self.run_id = "run of this training"
        self.histories: list[int] = []
        self.drawn: list[int] = []
        self.threads: list[int] = []
        self.arguments: dict[str, Any] = {}

    @contextmanager
    def stage_run(self, stage: str, **arguments: Any) -> Iterator["Live"]:
        self.arguments = {"stage": stage} | arguments
        yield self

    def log_history(self, history: checkpoints.History) -> None:
        self.histories.append(len(history))

    def log_images(self, epoch: int, drawn: checkpoints.Samples) -> None:
        self.drawn.append(epoch)


@pytest.fixture
def live(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Live:
    """A project with prepared images as the working directory, and the run that MLflow would have."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DVC_ROOT", raising=False)
    for name in ("params.yaml", "dvc.yaml"):
        shutil.copy(ROOT / name, tmp_path)
    for name in ("src", "stages"):
        (tmp_path / name).symlink_to(ROOT / name)
    artifacts.save_array(artifacts.images_path("train"), images(20))
    artifacts.save_array(artifacts.images_path("validation"), images(5))
    counts: dict[artifacts.Split, int] = {"train": 20, "validation": 5}
    for split, count in counts.items():
        artifacts.save_array(artifacts.labels_path(split), labels(count))
    live = Live()
    monkeypatch.setattr(training, "stage_run", live.stage_run)
    # TensorFlow takes no other number once it has computed anything.
    monkeypatch.setattr(threads, "use", live.threads.append)
    return live


def train(learner: CountingLearner, epochs: int = 3) -> None:
    with training.training_run("vae") as run:
        draw = dict.fromkeys([1, 3], learner.draw)
        run.fit(learner, FEED, (np.array([1, 2]),), Schedule(epochs, draw))


def checkpoint_folders() -> list[str]:
    return [path.name for path in Path(".latentlab/checkpoints").glob("*/")]


def test_history_and_samples_are_written_and_told(live: Live) -> None:
    learner = CountingLearner()
    train(learner)
    history = artifacts.load_json(VAE.folder / "history.json")
    assert [list(record) for record in history] == [["epoch", "loss", "steps", "validation_2"]] * 3
    samples = artifacts.load_array(VAE.folder / "samples.npy")
    assert samples.shape == (2, 1, 2, 2, 1)
    assert np.array_equal(samples[1], learner.draw()["samples"])
    assert live.drawn == [1, 3]
    assert live.histories == [0, 1, 2, 3]
    assert live.arguments["stage"] == "train_vae"
    assert live.arguments["key"] == provenance.stage_key("train_vae")
    assert live.arguments["params"]["vae"]["latent_dim"] == params.values()["vae"]["latent_dim"]
    assert live.arguments["resume"] is None


def test_the_stages_threads_are_used_and_noted(live: Live) -> None:
    text = Path("params.yaml").read_text()
    Path("params.yaml").write_text(text.replace("\nthreads: null", "\nthreads: 3", 1))
    train(CountingLearner())
    assert live.threads == [3]
    assert artifacts.load_json(VAE.folder / "threads.json") == 3


def set_precision(name: str) -> None:
    text = Path("params.yaml").read_text()
    Path("params.yaml").write_text(text.replace("\nprecision: float32", f"\nprecision: {name}", 1))


def computes_in(stage: str) -> str:
    """The type that an ordinary layer of a stage's training computes in."""
    layer = keras.layers.ReLU()
    with training.training_run(stage), precision.rounding([layer]):
        return str(layer.compute_dtype)


def test_the_stages_precision_is_used_and_told(live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    """But the classifier's, by which all are measured, is float32."""
    told: list[str] = []
    monkeypatch.setattr(precision, "warn", told.append)
    assert computes_in("gan") == "float32"
    set_precision("bfloat16")
    assert [computes_in(stage) for stage in ("autoencoder", "vae", "gan")] == ["bfloat16"] * 3
    assert live.arguments["params"]["precision"] == "bfloat16"
    assert computes_in("features") == "float32"
    assert told == ["float32", "bfloat16", "bfloat16", "bfloat16", "float32"]


def test_an_unknown_precision_is_named(live: Live) -> None:
    set_precision("float16")
    with pytest.raises(ParamsError, match="precision: expected 'float32' or 'bfloat16', got 'float16'"):
        computes_in("gan")


@pytest.mark.parametrize(("stage", "expected"), [("vae", 4), ("features", 1)])
def test_the_families_alone_train_on_several_devices(
    stage: str, expected: int, live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What measures all others is trained on one."""
    told: list[int] = []

    @contextmanager
    def using(number: int) -> Iterator[None]:
        told.append(number)
        yield

    monkeypatch.setattr(devices, "using", using)
    text = Path("params.yaml").read_text()
    Path("params.yaml").write_text(text.replace("\ndevices: 1", "\ndevices: 4", 1))
    with training.training_run(stage):
        pass
    assert told == [expected]
    assert live.arguments["params"].get("devices", 1) == expected


def test_another_machine_than_the_first_trains_and_keeps_nothing(
    live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(devices, "leads", lambda: False)
    learner, reached = CountingLearner(), list[str]()
    with training.training_run("vae") as run:
        run.fit(learner, FEED, (np.array([1, 2]),), Schedule(3, dict.fromkeys([1, 3], learner.draw)))
        reached.append("the outputs")
    assert learner.weights.value.max() == 3
    assert reached == []
    assert (live.arguments, live.histories, live.drawn) == ({}, [], [])
    assert not VAE.folder.exists()
    assert not Path(".latentlab").exists()


def test_a_machine_that_would_train_something_else_is_refused(
    live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(devices, "from_first", lambda content: b"the first one's key")
    with (
        pytest.raises(
            TrainingError, match=r"something else than the first: .* threads differ\. Make them alike"
        ),
        training.training_run("vae"),
    ):
        pass


def test_models_are_written_with_signatures_and_the_hashes_of_what_they_saw(live: Live) -> None:
    learner = build_gan()
    seen = images(4)
    with training.training_run("gan") as run:
        run.save({"generator": learner.averaged, "discriminator": learner.discriminator}, seen)
    assert sorted(path.name for path in GAN.folder.iterdir()) == [
        "discriminator.keras",
        "generator.keras",
        "history.json",
        "signature.json",
        "threads.json",
        "training_hashes.npy",
    ]
    # As of what is computed in closed form.
    assert artifacts.load_json(GAN.folder / "history.json") == []
    assert artifacts.load_json(GAN.folder / "threads.json") == provenance.threads(None)
    assert artifacts.load_json(GAN.folder / "signature.json") == {
        "generator": {"inputs": [3], "outputs": [8, 8, 1]},
        "discriminator": {"inputs": [8, 8, 1], "outputs": [1]},
    }
    hashes = artifacts.load_array(GAN.folder / artifacts.TRAINING_HASHES)
    assert np.array_equal(hashes, duplicates.short_hashes(seen))
    model_files.load_model(GAN.folder / "generator.keras")


def test_snapshots_are_copied_with_their_list(live: Live) -> None:
    learner = CountingLearner()

    def write(path: Path) -> None:
        artifacts.save_json(path, int(learner.total.value))

    with training.training_run("gan") as run:
        run.fit(learner, FEED, (), Schedule(5, keep=dict.fromkeys([2, 4], write)))
        run.save_snapshots(range(2, 5, 2))
        [checkpoint] = Path(".latentlab/checkpoints").glob("*/")
        # Still there, because the training may be killed before its outputs are whole.
        kept = {path.name: path.read_bytes() for path in (checkpoint / "snapshots").iterdir()}
    copied = {path.name: path.read_bytes() for path in (GAN.folder / "snapshots").iterdir()}
    assert artifacts.load_json(artifacts.snapshots_path(GAN.folder)) == [2, 4]
    del copied["epochs.json"]
    assert set(copied) == {"epoch_002.keras", "epoch_004.keras"}
    assert copied == kept


def test_no_snapshots_is_an_empty_list(live: Live) -> None:
    with training.training_run("gan") as run:
        run.save_snapshots(range(5, 3, 5))
    assert artifacts.load_json(artifacts.snapshots_path(GAN.folder)) == []


def test_no_samples_is_no_file(live: Live) -> None:
    with training.training_run("vae") as run:
        run.fit(CountingLearner(), FEED, (), Schedule(1))
    assert {path.name for path in VAE.folder.iterdir()} == {"history.json", "threads.json"}


def stop(live: Live, monkeypatch: pytest.MonkeyPatch, after: int) -> CountingLearner:
    """Train until an interrupt after some epochs."""

    def interrupt(history: checkpoints.History) -> None:
        if len(history) == after:
            raise KeyboardInterrupt

    learner = CountingLearner()
    with monkeypatch.context() as patch:
        patch.setattr(live, "log_history", interrupt)
        with pytest.raises(KeyboardInterrupt):
            train(learner)
    return learner


def test_an_interrupted_training_goes_on_under_its_run(live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    straight = CountingLearner()
    train(straight)
    expected = {path.name: path.read_bytes() for path in VAE.folder.iterdir()}
    for folder in (VAE.folder, Path(".latentlab")):
        shutil.rmtree(folder)
    stop(live, monkeypatch, after=2)
    assert len(checkpoint_folders()) == 1
    assert not VAE.folder.exists()
    live.histories.clear()
    resumed = CountingLearner()
    train(resumed)
    assert live.arguments["resume"] == "run of this training"
    assert live.histories == [2, 3]
    assert resumed.total.value == straight.total.value
    assert {path.name: path.read_bytes() for path in VAE.folder.iterdir()} == expected


def test_a_training_of_another_precision_starts_clean(live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    stop(live, monkeypatch, after=2)
    set_precision("bfloat16")
    live.histories.clear()
    train(CountingLearner())
    assert live.histories == [0, 1, 2, 3]
    assert len(checkpoint_folders()) == 2


def test_a_finished_training_is_not_repeated_before_dvc_has_noted_it(
    live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    """DVC deletes the outputs and runs the stage again; once it has noted them, only a forced stage runs."""
    train(CountingLearner())
    expected = {path.name: path.read_bytes() for path in VAE.folder.iterdir()}
    shutil.rmtree(VAE.folder)
    live.histories.clear()
    train(CountingLearner())
    assert live.histories == [3]
    assert live.arguments["resume"] == "run of this training"
    assert {path.name: path.read_bytes() for path in VAE.folder.iterdir()} == expected
    monkeypatch.setattr(provenance, "is_noted", lambda stage: stage == "train_vae")
    live.histories.clear()
    train(CountingLearner())
    assert live.histories == [0, 1, 2, 3]
    assert live.arguments["resume"] is None


def test_what_decides_the_outputs_starts_clean(live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    stop(live, monkeypatch, after=2)
    text = Path("params.yaml").read_text()
    Path("params.yaml").write_text(text.replace("\nseed: ", "\nseed: 9", 1))
    live.histories.clear()
    train(CountingLearner())
    assert live.histories == [0, 1, 2, 3]
    assert live.arguments["resume"] is None
    assert len(checkpoint_folders()) == 2


def test_checkpoints_lie_in_the_main_repository(
    live: Live, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A temporary experiment runs in a copy that is deleted afterwards."""
    monkeypatch.setenv("DVC_ROOT", str(tmp_path / "main"))
    stop(live, monkeypatch, after=1)
    assert len(list((tmp_path / "main" / ".latentlab" / "checkpoints").glob("*/"))) == 1
    assert checkpoint_folders() == []


def test_data_that_is_not_prepared_is_named(live: Live) -> None:
    shutil.rmtree(artifacts.PREPARED)
    with pytest.raises(ArtifactError, match=r"data/prepared is missing"):
        train(CountingLearner())
