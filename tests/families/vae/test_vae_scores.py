"""What the scoring of a VAE brings, on one that is as good as untrained."""

from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from latentlab.core import artifacts
from latentlab.core.errors import ArtifactError, ParamsError
from latentlab.families import arrays
from latentlab.families.entry import Entry
from latentlab.families.latents import fitted, pixels
from latentlab.families.vae import bounds, scores
from latentlab.families.vae.family import VAE
from latentlab.trained import inference, model_files
from tests.bench_project import note_training, open_bench, set_params, shapes
from tests.tiny_learners import build_vae

SIDE, ROW = (5, 5), (8, 8, 1)
DRAWN = {
    "latents": (120, 2),
    "plane": (120, 2),
    "reconstructions": (2, 20, *ROW),
    "manifold": (15, 15, *ROW),
    "manifold_axes": (2, 15),
    "manifold_used": (15, 15, *ROW),
    "manifold_used_axes": (2, 15),
    "inside": (24, *ROW),
    "outside": (24, *ROW),
    "inside_plane": (24, 2),
    "outside_plane": (24, 2),
    "explorer_images": (*SIDE, *ROW),
    "explorer_axes": (2, 5),
    "explorer_errors": (2, 2),
    "classes": (2,),
    "by_class": (2, 12, *ROW),
    "interpolations": (6, 11, *ROW),
}


def enter(*, conditional: bool = False) -> Entry:
    learner = build_vae(conditional=conditional)
    for name, network in (("encoder", learner.encoder), ("decoder", learner.decoder)):
        model_files.save_model(VAE.folder / f"{name}.keras", network)
    note_training(VAE.folder)
    return scores.enter(open_bench(VAE.folder))


def test_arrays_for_figures_are_written(to_score: Path) -> None:
    enter()
    assert shapes(artifacts.scores_folder("vae") / "vae") == DRAWN
    encoder = model_files.load_model(VAE.folder / "encoder.keras")
    z_mean, _ = inference.predict(encoder, artifacts.load_images("test"))
    assert_array_equal(arrays.load("vae", "latents"), z_mean)


def test_what_is_told_the_class_is_shown_and_scored_by_classes(to_score: Path) -> None:
    entry = enter(conditional=True)
    folder = artifacts.scores_folder("vae") / "vae"
    assert shapes(folder) == DRAWN | {"told_classes": (2, 10, *ROW), "styles": (2, 3, *ROW)}
    found = entry.scores["vae"]["classification"]
    assert set(found) == {"generative_accuracy", "discriminative_accuracy", "images"}
    assert found["images"] == 100
    assert "classification" not in enter().scores["vae"]


def test_scores_are_bounds_and_the_use_of_the_latents(to_score: Path) -> None:
    found = enter().scores["vae"]
    assert set(found) == {
        "reconstruction_nats_per_pixel",
        "reconstruction_by_class_nats_per_pixel",
        "kl_nats",
        "objective",
        "elbo_grey_nats",
        "binarisation",
        "elbo_binarised_nats",
        "importance_weighted_nats",
        "importance_images",
        "latent",
    }
    # As params.yaml says.
    assert list(found["importance_weighted_nats"]) == ["1", "50"]
    assert found["importance_images"] == 5
    weighted = found["reconstruction_nats_per_pixel"] + 0.002 * found["kl_nats"]
    assert found["objective"] == pytest.approx(weighted)


@pytest.mark.parametrize(("reconstruction", "sigma"), [("gaussian", 0.2), ("gaussian_optimal", 0.3)])
def test_normal_pixels_have_bounds_of_grey_levels(to_score: Path, reconstruction: str, sigma: float) -> None:
    evaluate = {"num_samples": 100, "minimum_accuracy": 0.0, "importance_images": 5}
    set_params(vae={"reconstruction": reconstruction}, evaluate=evaluate)
    pixels.save_sigma(VAE.folder, 0.3)
    found = enter().scores["vae"]
    assert found["pixel_sigma"] == sigma
    assert found["quantisation"] == bounds.LEVELS
    assert found["bits_per_dimension"] == pytest.approx(-found["elbo_levels_nats"] / 64 / np.log(2))
    # A level is a share of 1/255 of the density, but for those at the ends.
    assert found["elbo_levels_nats"] == pytest.approx(found["elbo_grey_nats"] - 64 * np.log(255), rel=0.1)
    assert list(found["importance_weighted_nats"]) == ["1", "50"]
    assert {"binarisation", "elbo_binarised_nats", "left_out"}.isdisjoint(found)


def test_without_a_weight_the_objective_is_the_bound_itself(to_score: Path) -> None:
    set_params(vae={"kl_weight": None}, evaluate={"num_samples": 100, "minimum_accuracy": 0.0})
    found = enter().scores["vae"]
    assert found["objective"] == pytest.approx(-found["elbo_grey_nats"] / 64)


def test_contenders_are_the_ways_to_draw_latents(to_score: Path) -> None:
    entry = enter()
    ways = ["gaussian", "mixture", "per_class"]
    assert [contender.name for contender in entry.contenders] == [
        "vae",
        *(f"samplers.vae.{way}" for way in ways),
    ]
    assert [contender.shown for contender in entry.contenders] == [
        "vae/samples",
        *(f"vae/samples_{way}" for way in ways),
    ]
    assert list(fitted.load(artifacts.scores_folder("vae") / fitted.FILE)) == ways
    images, asked = entry.contenders[-1].draw(30)
    assert images.shape == (30, *ROW)
    assert asked is not None
    assert set(asked) == {0, 1}


def test_unfit_params_and_missing_networks_are_named(to_score: Path) -> None:
    opened = open_bench()
    with pytest.raises(ArtifactError, match=r"models/vae/encoder\.keras is missing"):
        scores.enter(opened)
    set_params(vae={"kl_weight": -1.0})
    with pytest.raises(ParamsError, match=r"vae\.kl_weight: expected greater than or equal to 0"):
        scores.enter(opened)


def test_samplers_see_draws_and_not_means(to_score: Path) -> None:
    """Encodings of z_mean alone vary less than what the decoder learned from."""
    encoder = build_vae().encoder
    z = scores.encode_training(encoder, seed=1)
    z_mean, z_log_var = inference.predict(encoder, artifacts.load_images("train"))
    noise = (z - z_mean) / np.exp(z_log_var / 2)
    assert z.shape == (40, 2)
    # Of 80 numbers from N(0, 1); five standard errors are 0.4.
    assert noise.std() == pytest.approx(1, abs=0.4)
    assert_array_equal(z, scores.encode_training(encoder, seed=1))
    assert (z != scores.encode_training(encoder, seed=2)).any()
