from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from latentlab.core import artifacts, settings
from latentlab.core.arrays import Latents
from latentlab.families import arrays
from latentlab.families.latents import scores
from latentlab.families.latents.samplers import Mixture
from latentlab.scoring.settings import Scoring
from latentlab.trained import inference
from tests.families import halves
from tests.tiny_learners import SHAPE, build_autoencoder

ONE = Mixture(np.ones(1), np.zeros((1, 2)), np.eye(2)[np.newaxis])
OF_CLASSES = Mixture(np.array([0.5, 0.5]), np.zeros((2, 2)), np.zeros((2, 2, 2)), np.array([0, 1]))


def encoded(count: int) -> Latents:
    return np.random.default_rng(0).normal(size=(count, 2)).astype(np.float32)


def test_samplers_are_fitted_to_so_many_images(to_score: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scores, "MOST_FITTED", 7)
    assert_array_equal(scores.training_images(), artifacts.load_images("train")[:7])
    found = scores.fit_samplers("vae", encoded(7), settings.load_part(Scoring))
    # Four of class 0, three of class 1.
    np.testing.assert_allclose(found["per_class"].weights, [4 / 7, 3 / 7])


def test_each_way_to_draw_latents_has_randomness_of_its_own(to_score: Path) -> None:
    decoder = build_autoencoder().decoder
    first, second, third = scores.list_contenders("vae", decoder, {"gaussian": ONE, "mixture": ONE}, seed=1)
    assert [contender.name for contender in (first, second, third)] == [
        "vae",
        "samplers.vae.gaussian",
        "samplers.vae.mixture",
    ]
    assert (second.draw(20).images != third.draw(20).images).any()
    [again, *_] = scores.list_contenders("vae", decoder, {}, seed=1)
    assert_array_equal(first.draw(20).images, again.draw(20).images)
    [other, *_] = scores.list_contenders("autoencoder", decoder, {}, seed=1)
    assert (first.draw(20).images != other.draw(20).images).any()


def test_pictures_of_classes_need_samplers_of_classes(to_score: Path) -> None:
    decoder, latents = build_autoencoder().decoder, encoded(120)
    scores.draw("autoencoder", decoder, latents, {"gaussian": ONE}, epsilon_sigma=1.0, seed=1)
    assert not arrays.exists("autoencoder", "by_class")
    assert_array_equal(arrays.load("autoencoder", "latents"), latents)
    images, decoded = arrays.load("autoencoder", "reconstructions")
    # Ten of class 0, which are every second one, and ten of class 1.
    shown = [*range(0, 20, 2), *range(1, 20, 2)]
    assert_array_equal(images, artifacts.load_images("test")[shown])
    assert_array_equal(decoded, inference.generate(decoder, latents[shown]))
    scores.draw("autoencoder", decoder, latents, {"per_class": OF_CLASSES}, epsilon_sigma=1.0, seed=1)
    assert arrays.load("autoencoder", "classes").tolist() == [0, 1]
    assert arrays.load("autoencoder", "by_class").shape == (2, 12, *SHAPE)


def test_a_decoder_that_is_told_the_class_is_told_the_images_own_and_else_the_first(to_score: Path) -> None:
    found = {"per_class": OF_CLASSES}
    scores.draw("vae", halves.build_decoder(), encoded(120), found, epsilon_sigma=1.0, seed=1)
    _, decoded = arrays.load("vae", "reconstructions")
    for half, part in ((slice(4), decoded[:10]), (slice(4, None), decoded[10:])):
        assert (part[:, :, half] > 200).all()
    assert (arrays.load("vae", "manifold")[..., :4, :] > 200).all()
    first, second = arrays.load("vae", "by_class")
    assert (first[:, :, :4] > 200).all()
    assert (second[:, :, 4:] > 200).all()
