"""What a conditional VAE makes of classes, of which each is a half of the image by construction."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from latentlab.families.vae import classifier
from latentlab.scoring.metrics.likelihood import of_pixels
from latentlab.trained import inference
from tests.families import halves
from tests.tiny_learners import SHAPE, build_vae, images, labels


@pytest.mark.parametrize("sigma", [None, 0.2])
def test_the_class_under_which_an_image_is_likeliest_is_found(sigma: float | None) -> None:
    found = classifier.classify(
        halves.build_encoder(),
        halves.build_decoder(),
        images(6),
        np.log([0.5, 0.5]),
        likelihood=of_pixels(sigma),
        seed=0,
    )
    assert_array_equal(found, labels(6))


def test_the_prior_decides_where_the_image_does_not() -> None:
    """Grey all over: both classes fit alike."""
    grey = np.full((2, *SHAPE), 128, np.uint8)
    networks = halves.build_encoder(), halves.build_decoder()
    for log_prior, expected in ((np.log([0.4, 0.6]), 1), (np.log([0.6, 0.4]), 0)):
        found = classifier.classify(*networks, grey, log_prior, likelihood=of_pixels(None), seed=0)
        assert_array_equal(found, [expected, expected])


def test_shares_by_hand_leave_no_class_impossible() -> None:
    shares = np.exp(classifier.log_shares(np.array([0, 0, 2], np.uint8), 3))
    assert_allclose(shares, [3 / 6, 1 / 6, 2 / 6])


def test_a_style_is_one_latent_under_every_class() -> None:
    learner, seen = build_vae(conditional=True), images(3)
    grid = classifier.styles(learner.encoder, learner.decoder, seen, labels(3))
    assert grid.shape == (3, 3, *SHAPE)
    assert_array_equal(grid[:, 0], seen)
    z_mean, _ = inference.predict(learner.encoder, seen, labels(3))
    for label in (0, 1):
        told = np.full(3, label)
        assert_array_equal(grid[:, 1 + label], inference.generate(learner.decoder, z_mean, told))
