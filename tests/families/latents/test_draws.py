import numpy as np
import pytest
from numpy.testing import assert_array_equal

from latentlab.families.latents import draws
from latentlab.families.latents.samplers import Mixture
from latentlab.learning.randomness import derive_seed
from latentlab.trained import inference
from tests.families import halves
from tests.tiny_learners import build_vae

LABELS = np.array([3, 8])


class Doubling:
    """Draws a latent of two dimensions as two pixels of a hundredth of its coordinates."""

    inputs = (np.zeros((1, 2)),)

    def __call__(self, latents: np.ndarray, *, training: bool) -> np.ndarray:
        return np.abs(latents[:, np.newaxis, :, np.newaxis]) / 100


def test_the_prior_is_decoded_by_seed() -> None:
    contender = draws.of_prior("gan", Doubling(), LABELS, seed=7, shown="gan/samples")
    images, asked = contender.draw(5)
    assert (contender.name, contender.in_full, contender.shown) == ("gan", True, "gan/samples")
    assert asked is None
    latents = inference.draw_latents(5, 2, seed=7)
    assert_array_equal(images[:, 0, :, 0], np.rint(np.abs(latents) * 2.55).astype(np.uint8))
    assert_array_equal(images, contender.draw(5).images)
    assert (images != draws.of_prior("gan", Doubling(), LABELS, seed=8).draw(5).images).any()


def test_a_mixture_is_decoded_and_asks_for_the_classes_of_its_components() -> None:
    means, spread = np.array([[100.0, 0], [0, 100]]), np.zeros((2, 2, 2))
    fitted = Mixture(np.array([0.5, 0.5]), means, spread, np.array([3, 8]))
    contender = draws.of_mixture("samplers.vae.per_class", Doubling(), fitted, LABELS, 7, "vae/samples")
    images, asked = contender.draw(50)
    assert contender.name == "samplers.vae.per_class"
    assert (contender.in_full, contender.shown) == (False, "vae/samples")
    assert asked is not None
    assert set(asked) == {3, 8}
    assert_array_equal(images[:, 0, 0, 0], np.where(asked == 3, 255, 0))
    assert_array_equal(images, contender.draw(50).images)
    nameless = draws.of_mixture("samplers.vae.mixture", Doubling(), fitted._replace(classes=None), LABELS, 7)
    assert nameless.draw(50).asked is None


def test_a_model_that_is_told_the_class_is_told_one_whatever_draws_the_latents() -> None:
    decoder = build_vae(conditional=True).decoder
    fitted = Mixture(np.ones(1), np.zeros((1, 2)), np.eye(2)[np.newaxis])
    contender = draws.of_mixture("samplers.vae.gaussian", decoder, fitted, np.array([0, 1, 1]), seed=7)
    images, asked = contender.draw(30)
    assert asked is not None
    assert set(asked) == {0, 1}
    latents = fitted.draw(np.zeros(30, int), derive_seed(7, "latents"))
    assert_array_equal(images, inference.generate(decoder, latents, asked))


def test_samples_are_asked_to_be_of_the_classes_in_their_shares() -> None:
    labels = np.array([0, 1, 1, 1], np.uint8)
    made, asked = draws.of_prior("vae", halves.build_decoder(), labels, seed=1).draw(400)
    assert asked is not None
    assert np.mean(asked) == pytest.approx(0.75, abs=0.1)
    assert_array_equal(made[:, 0, 0, 0] < 128, asked == 1)
