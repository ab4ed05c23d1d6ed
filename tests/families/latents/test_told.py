"""A conditional VAE whose classes are left and right halves, by construction, and what is seen of it."""

import keras
import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from latentlab.families.latents import told as conditional_evaluation
from latentlab.families.vae import bounds
from latentlab.scoring.contenders import of_model
from latentlab.trained import inference
from tests.tiny_learners import SHAPE, build_vae, images, labels


def halves_encoder() -> keras.Model:
    """z_mean and z_log_var 0, whatever the image and the class."""
    image, y = keras.layers.Input(SHAPE, name="image"), keras.layers.Input((2,), name="y")
    heads = [keras.layers.Dense(2, kernel_initializer="zeros", name=name)(y) for name in ("mean", "log_var")]
    return keras.Model([image, y], heads)


def halves_decoder() -> keras.Model:
    """Bright in the left half for class 0 and in the right half for class 1; z is not looked at."""
    z, y = keras.layers.Input((2,), name="z"), keras.layers.Input((2,), name="y")
    kernel = np.full((2, *SHAPE), -2.0, np.float32)
    kernel[0, :, :4] = kernel[1, :, 4:] = 2
    dense = keras.layers.Dense(
        64, "sigmoid", kernel_initializer=keras.initializers.Constant(kernel.reshape(2, 64))
    )
    return keras.Model([z, y], keras.layers.Reshape(SHAPE)(dense(y)))


@pytest.mark.parametrize("reconstruction", ["bernoulli", "gaussian"])
def test_the_class_under_which_an_image_is_likeliest_is_found(reconstruction: str) -> None:
    found = conditional_evaluation.classify(
        halves_encoder(),
        halves_decoder(),
        images(6),
        np.log([0.5, 0.5]),
        reconstruction=reconstruction,
        seed=0,
    )
    assert_array_equal(found, labels(6))


def test_the_prior_decides_where_the_image_does_not() -> None:
    """Grey all over: both classes fit alike."""
    grey = np.full((2, *SHAPE), 128, np.uint8)
    for log_prior, expected in ((np.log([0.4, 0.6]), 1), (np.log([0.6, 0.4]), 0)):
        found = conditional_evaluation.classify(
            halves_encoder(), halves_decoder(), grey, log_prior, reconstruction="bernoulli", seed=0
        )
        assert_array_equal(found, [expected, expected])


def test_shares_by_hand_leave_no_class_impossible() -> None:
    shares = np.exp(conditional_evaluation.log_shares(np.array([0, 0, 2], np.uint8), 3))
    assert_allclose(shares, [3 / 6, 1 / 6, 2 / 6])


def test_rows_are_classes_and_columns_latents() -> None:
    decoder = build_vae(conditional=True).decoder
    rows = conditional_evaluation.by_class(decoder, seed=3)
    assert rows.shape == (2, 10, *SHAPE)
    latents = inference.draw_latents(10, 2, seed=3)
    assert_array_equal(rows[1], inference.generate(decoder, latents, np.ones(10, int)))
    assert_array_equal(rows[0], inference.generate(decoder, latents, np.zeros(10, int)))


def test_a_style_is_one_latent_under_every_class() -> None:
    learner, seen = build_vae(conditional=True), images(3)
    grid = conditional_evaluation.styles(learner.encoder, learner.decoder, seen, labels(3))
    assert grid.shape == (3, 3, *SHAPE)
    assert_array_equal(grid[:, 0], seen)
    z_mean, _ = inference.predict(learner.encoder, seen, labels(3))
    for label in (0, 1):
        told = np.full(3, label)
        assert_array_equal(grid[:, 1 + label], inference.generate(learner.decoder, z_mean, told))


def test_samples_are_asked_to_be_of_the_classes_in_their_shares() -> None:
    made, asked = of_model("vae", halves_decoder(), np.array([0, 1, 1, 1], np.uint8), seed=1).draw(400)
    assert asked is not None
    assert np.mean(asked) == pytest.approx(0.75, abs=0.1)
    assert_array_equal(made[:, 0, 0, 0] < 128, asked == 1)


def test_right_classes_have_the_higher_bound() -> None:
    seen, encoder, decoder = images(8), halves_encoder(), halves_decoder()

    def terms(told: np.ndarray) -> dict[str, float]:
        encodings = bounds.encode(encoder, seen, 0, told)
        return bounds.objective_terms(seen, told, encodings, decoder, kl_weight=0.1)

    right, wrong = terms(labels(8)), terms(1 - labels(8))
    assert right["elbo_grey_nats"] > wrong["elbo_grey_nats"]

    def binarised(told: np.ndarray) -> dict[str, float]:
        return bounds.likelihood_bounds(
            seen, encoder, decoder, samples=(1, 2), num_images=4, seed=0, labels=told
        )

    assert binarised(labels(8))["elbo_binarised_nats"] > binarised(1 - labels(8))["elbo_binarised_nats"]
