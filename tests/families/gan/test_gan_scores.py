"""What the scoring of a GAN brings, of a training of three epochs whose generators all differ."""

from pathlib import Path

import keras
import numpy as np
import pytest
from numpy.testing import assert_array_equal

from latentlab.core import artifacts
from latentlab.core.errors import ArtifactError, ParamsError
from latentlab.families import arrays
from latentlab.families.entry import Entry
from latentlab.families.gan import scores
from latentlab.families.gan.adversaries import summarise
from latentlab.families.gan.family import BEST, GAN
from latentlab.trained import model_files
from tests.bench_project import note_training, open_bench, set_params, shapes
from tests.tiny_learners import build_gan

ROW = (8, 8, 1)
RECORD = {
    "generator_loss": 0.7,
    "discriminator_loss": 0.7,
    "discriminator_accuracy_real": 0.6,
    "discriminator_accuracy_generated": 0.5,
}
HISTORY = [{"epoch": epoch, **RECORD} for epoch in (1, 2, 3)]


def generator(brightness: float, *, conditional: bool = False) -> keras.Model:
    """Each of its pixels is brighter by so many logits."""
    made = build_gan(conditional=conditional).generator
    *weights, bias = made.get_weights()
    made.set_weights([*weights, bias + brightness])
    return made


def paths() -> dict[int, Path]:
    """Of the generators by epoch; the last is the training's result."""
    kept = {epoch: artifacts.snapshot_path(GAN.folder, epoch) for epoch in (1, 2)}
    return kept | {3: GAN.folder / "generator.keras"}


def enter(*, conditional: bool = False) -> Entry:
    """Score a training that became brighter by the epoch."""
    networks = {path: generator(epoch - 4, conditional=conditional) for epoch, path in paths().items()}
    networks[GAN.folder / "untrained.keras"] = generator(5, conditional=conditional)
    for path, network in networks.items():
        model_files.save_model(path, network)
    artifacts.save_json(artifacts.snapshots_path(GAN.folder), [1, 2])
    artifacts.save_json(GAN.folder / "history.json", HISTORY)
    signatures = {"generator": {"inputs": [3], "outputs": [8, 8, 1]}, "discriminator": {"inputs": [8, 8, 1]}}
    artifacts.save_json(GAN.folder / "signature.json", signatures)
    note_training(GAN.folder)
    return scores.enter(open_bench(GAN.folder))


def test_the_epoch_of_the_least_distance_is_kept_as_the_best(to_score: Path) -> None:
    found = enter().scores
    distances = {snapshot["epoch"]: snapshot["distance"] for snapshot in found["gan"]["snapshots"]}
    assert list(distances) == [1, 2, 3]
    assert len(set(distances.values())) == 3
    best = min(distances, key=distances.__getitem__)
    assert found["gan_best"] == {"epoch": best}
    assert (BEST.folder / "generator.keras").read_bytes() == paths()[best].read_bytes()
    assert artifacts.load_json(BEST.folder / "signature.json") == {
        "generator": {"inputs": [3], "outputs": [8, 8, 1]}
    }


def test_the_history_of_its_training_is_summarised(to_score: Path) -> None:
    assert enter().scores["gan"]["history"] == summarise(HISTORY, "non_saturating")
    set_params(gan={"objective": "hinge"}, evaluate={"num_samples": 100, "minimum_accuracy": 0.0})
    assert enter().scores["gan"]["history"]["objective"] == "hinge"


def test_the_last_the_best_and_the_untrained_generator_are_scored_from_the_same_latents(
    to_score: Path,
) -> None:
    made = {contender.name: contender for contender in enter().contenders}
    assert {name: contender.shown for name, contender in made.items()} == {
        "gan": "gan/samples",
        "gan_best": "gan_best/samples",
        "references.untrained": None,
    }
    brightness = {name: contender.draw(20).images.mean() for name, contender in made.items()}
    assert brightness["gan"] < brightness["references.untrained"]
    images = [made[name].draw(20).images.reshape(20, -1).astype(int) for name in ("gan", "gan_best")]
    # Of the same latents, samples that differ by their brightness alone are alike.
    assert np.corrcoef(*[part.mean(axis=1) for part in images])[0, 1] > 0.9


def test_arrays_for_figures_are_the_best_generators(to_score: Path) -> None:
    enter()
    assert shapes(BEST.folder) == {
        "interpolations": (6, 11, *ROW),
        # Of 25 images at most, 28 pairs of samples have the ends of their walks alone.
        "explorer_walks": (28, 2, *ROW),
    }
    assert not list((artifacts.scores_folder("gan")).glob("gan/*"))


def test_what_is_told_the_class_is_asked_for_each(to_score: Path) -> None:
    entry = enter(conditional=True)
    assert arrays.load("gan_best", "told_classes").shape == (2, 10, *ROW)
    assert arrays.is_conditional("gan_best")
    first, *_ = entry.contenders
    images, asked = first.draw(30)
    assert asked is not None
    assert set(asked) == {0, 1}
    assert_array_equal(images, first.draw(30).images)


def test_unfit_params_and_a_missing_training_are_named(to_score: Path) -> None:
    opened = open_bench()
    with pytest.raises(ArtifactError, match=r"models/gan/history\.json is missing"):
        scores.enter(opened)
    set_params(gan={"objective": "wgan"})
    with pytest.raises(ParamsError, match=r"gan\.objective: expected 'non_saturating'"):
        scores.enter(opened)
