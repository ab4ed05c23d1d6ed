from pathlib import Path

import keras
import numpy as np
import pytest
from numpy.testing import assert_array_equal

from latentlab.core import artifacts
from latentlab.core.errors import ArtifactError
from latentlab.families import arrays
from latentlab.families.autoencoder import scores
from latentlab.families.autoencoder.family import AUTOENCODER
from latentlab.families.latents import fitted
from latentlab.trained import inference, model_files
from tests.bench_project import note_training, open_bench
from tests.tiny_learners import build_autoencoder


def test_scores_by_hand() -> None:
    """A decoder that says 1/2 of every pixel costs log 2; latents of two classes, 10 apart, deviate by 5."""
    labels = np.arange(12, dtype=np.uint8) % 2
    latents = np.stack([10 * labels, np.full(12, 3)], axis=1).astype(np.float32)
    z = keras.layers.Input((2,))
    grey = keras.layers.Dense(4, "sigmoid", kernel_initializer="zeros")(z)
    decoder = keras.Model(z, keras.layers.Reshape((2, 2, 1))(grey))
    images = np.random.default_rng(0).integers(0, 256, (12, 2, 2, 1), dtype=np.uint8)
    found = scores.score(images, labels, latents, decoder)
    assert found["reconstruction_nats_per_pixel"] == pytest.approx(np.log(2), rel=1e-6)
    assert found["latent"]["mean_per_dimension"] == [5, 3]
    assert found["latent"]["deviation_per_dimension"] == [5, 0]
    assert found["latent"]["knn_accuracy"] == 1
    assert "knn_accuracy" not in scores.score(images, labels * 0, latents, decoder)["latent"]


def test_what_it_brings_to_its_scoring(to_score: Path) -> None:
    learner = build_autoencoder()
    for name, network in (("encoder", learner.encoder), ("decoder", learner.decoder)):
        model_files.save_model(AUTOENCODER.folder / f"{name}.keras", network)
    note_training(AUTOENCODER.folder)
    entry = scores.enter(open_bench(AUTOENCODER.folder))
    z = inference.predict(learner.encoder, artifacts.load_images("test"))
    assert_array_equal(arrays.load("autoencoder", "latents"), z)
    assert set(entry.scores["autoencoder"]) == {"reconstruction_nats_per_pixel", "latent"}
    ways = list(fitted.load(artifacts.scores_folder("autoencoder") / fitted.FILE))
    assert ways == ["gaussian", "mixture", "per_class"]
    names = [contender.name for contender in entry.contenders]
    assert names == ["autoencoder", *(f"samplers.autoencoder.{way}" for way in ways)]
    assert entry.contenders[1].shown == "autoencoder/samples_gaussian"
    for contender in entry.contenders:
        assert contender.draw(7).images.shape == (7, 8, 8, 1)


def test_samplers_are_fitted_to_encodings_as_they_are(to_score: Path) -> None:
    encoder = build_autoencoder().encoder
    expected = inference.predict(encoder, artifacts.load_images("train"))
    assert_array_equal(scores.encode_training(encoder), expected)


def test_a_missing_network_is_named(to_score: Path) -> None:
    with pytest.raises(ArtifactError, match=r"models/autoencoder/encoder\.keras is missing"):
        scores.enter(open_bench())
