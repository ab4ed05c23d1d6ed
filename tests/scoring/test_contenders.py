import numpy as np
from numpy.testing import assert_array_equal

from latentlab.core.randomness import derive_seed
from latentlab.families.latents.samplers import Mixture
from latentlab.scoring import contenders
from latentlab.scoring.metrics import references
from latentlab.trained import inference
from tests.tiny_learners import build_vae

LABELS = np.array([3, 8])


class Doubling:
    """Draws a latent of two dimensions as two pixels of a hundredth of its coordinates."""

    inputs = (np.zeros((1, 2)),)

    def __call__(self, latents: np.ndarray, *, training: bool) -> np.ndarray:
        return np.abs(latents[:, np.newaxis, :, np.newaxis]) / 100


def random_images(count: int, seed: int) -> contenders.Images:
    return np.random.default_rng(seed).integers(0, 256, (count, 6, 6, 1), dtype=np.uint8)


def test_the_prior_is_decoded_by_seed() -> None:
    generator = contenders.of_model("gan", Doubling(), LABELS, seed=7)
    images, asked = generator.draw(5)
    assert (generator.name, generator.in_full, asked) == ("gan", True, None)
    latents = inference.draw_latents(5, 2, seed=7)
    assert_array_equal(images[:, 0, :, 0], np.rint(np.abs(latents) * 2.55).astype(np.uint8))
    assert_array_equal(images, generator.draw(5).images)
    assert (images != contenders.of_model("gan", Doubling(), LABELS, seed=8).draw(5).images).any()


def test_a_mixture_is_decoded_and_asks_for_the_classes_of_its_components() -> None:
    means, spread = np.array([[100.0, 0], [0, 100]]), np.zeros((2, 2, 2))
    fitted = Mixture(np.array([0.5, 0.5]), means, spread, np.array([3, 8]))
    generator = contenders.of_mixture("samplers.vae.per_class", Doubling(), fitted, LABELS, seed=7)
    images, asked = generator.draw(50)
    assert (generator.name, generator.in_full) == ("samplers.vae.per_class", False)
    assert asked is not None
    assert set(asked) == {3, 8}
    assert_array_equal(images[:, 0, 0, 0], np.where(asked == 3, 255, 0))
    assert_array_equal(images, generator.draw(50).images)
    nameless = contenders.of_mixture(
        "samplers.vae.mixture", Doubling(), fitted._replace(classes=None), LABELS, 7
    )
    assert nameless.draw(50).asked is None


def test_references_have_names_and_come_as_far_as_there_are_images() -> None:
    validation, training = random_images(8, 0), random_images(10, 1)
    labels = np.array([0, 1, 1, 1, 0, 0, 1, 0, 2, 2], np.uint8)
    made = contenders.of_references(validation, training, labels, seed=3)
    sets = {generator.name: generator.draw(4).images for generator in made}
    assert_array_equal(sets["references.real"], validation[:4])
    assert_array_equal(sets["references.blurred"], references.blurred(validation[:4]))
    assert_array_equal(sets["references.copied"], training[:4])
    assert_array_equal(sets["references.one_class"], training[[0, 4, 5, 7]])
    assert sets["references.noisy"].shape == (4, 6, 6, 1)
    assert (sets["references.noisy"] != validation[:4]).any()
    assert [len(generator.draw(100).images) for generator in made] == [8, 8, 8, 4, 10]


def test_a_model_that_is_told_the_class_is_told_one_whatever_draws_the_latents() -> None:
    decoder = build_vae(conditional=True).decoder
    fitted = Mixture(np.ones(1), np.zeros((1, 2)), np.eye(2)[np.newaxis])
    generator = contenders.of_mixture("samplers.vae.gaussian", decoder, fitted, np.array([0, 1, 1]), seed=7)
    images, asked = generator.draw(30)
    assert asked is not None
    assert set(asked) == {0, 1}
    latents = fitted.draw(np.zeros(30, int), derive_seed(7, "latents"))
    assert_array_equal(images, inference.generate(decoder, latents, asked))
