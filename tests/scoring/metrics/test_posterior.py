"""What the latent space is used for: values by hand, and codes that are good or useless by design."""

import math

import numpy as np
import pytest

from latentlab.scoring.metrics.posterior import active_units, aggregate_posterior_kl, knn_accuracy


def test_a_unit_is_active_above_a_variance_of_a_hundredth() -> None:
    """Plus and minus a has the variance a^2."""
    signs = np.array([[1], [-1], [1], [-1]], np.float32)
    assert active_units(signs * np.array([[1, 0.11, 0.09, 0]], np.float32) + 5) == 2


def test_the_prior_itself_is_at_zero() -> None:
    """A posterior that is the prior for every image, as after a collapse."""
    zeros = np.zeros((7, 3), np.float32)
    assert aggregate_posterior_kl(zeros, zeros) == pytest.approx(0, abs=1e-12)


def test_posteriors_that_differ_can_still_make_up_the_prior() -> None:
    """Means at plus and minus 0.6 with a variance of 0.64 have 0.36 + 0.64 = 1 in all."""
    means = np.array([[0.6], [-0.6]])
    assert aggregate_posterior_kl(means, np.full((2, 1), math.log(0.64))) == pytest.approx(0, abs=1e-12)


def test_aggregate_posterior_by_hand() -> None:
    """m = (3, 0); S = [[1 + 1, 1], [1, 1 + e]]: 1/2 (3 + e + 9 - 2 - log(2 (1 + e) - 1))."""
    means = np.array([[4, 1], [2, -1]])
    log_var = np.array([[0, 1], [0, 1]])
    expected = (3 + math.e + 9 - 2 - math.log(2 * (1 + math.e) - 1)) / 2
    assert aggregate_posterior_kl(means, log_var) == pytest.approx(expected)


def test_codes_far_from_the_prior_or_narrower_are_farther() -> None:
    codes = np.random.default_rng(0).standard_normal((500, 2))
    narrow = np.full((500, 2), -20.0)
    near = aggregate_posterior_kl(codes, narrow)
    assert near < aggregate_posterior_kl(codes + 1, narrow) < aggregate_posterior_kl(codes + 2, narrow)
    assert near < aggregate_posterior_kl(codes / 2, narrow) < aggregate_posterior_kl(codes / 4, narrow)


def test_neighbours_by_hand() -> None:
    """Six images are all neighbours: of three and three, each sees two of its own class and three others.

    Of four and two, the four see three of their own, and the two see one.
    """
    line = np.arange(6, dtype=np.float32)[:, np.newaxis]
    assert knn_accuracy(line, np.array([0, 0, 1, 0, 1, 1], np.uint8)) == 0
    assert knn_accuracy(line, np.array([1, 1, 1, 1, 0, 0], np.uint8)) == pytest.approx(4 / 6)


def test_equally_many_neighbours_go_to_the_lowest_class() -> None:
    """Five others: two of class 0, two of class 2 and one of class 1, in whatever order."""
    line = np.arange(6, dtype=np.float32)[:, np.newaxis]
    labels = np.array([2, 0, 1, 2, 0, 1], np.uint8)
    # Class 0 sees 2, 2, 1, 1, 0 and takes 1; class 1 sees 0, 0, 2, 2, 1 and takes 0; class 2 takes 0.
    assert knn_accuracy(line, labels) == 0
    assert knn_accuracy(line, np.array([0, 0, 0, 2, 1, 2], np.uint8)) == pytest.approx(3 / 6)


def test_codes_by_class_are_found_and_random_ones_are_not() -> None:
    rng = np.random.default_rng(0)
    labels = (np.arange(1203) % 10).astype(np.uint8)
    noise = rng.standard_normal((1203, 2))
    assert knn_accuracy(labels[:, np.newaxis] * 10 + noise, labels) == 1
    # By chance 0.1, and five standard errors are 0.043.
    assert knn_accuracy(noise, labels) == pytest.approx(0.1, abs=0.05)


def test_an_image_is_not_its_own_neighbour_though_others_are_equal_to_it() -> None:
    codes = np.zeros((12, 2), np.float32)
    assert knn_accuracy(codes, np.arange(12, dtype=np.uint8)) == 0


def test_too_few_images_are_refused() -> None:
    with pytest.raises(ValueError, match="more than 5 images, got 5"):
        knn_accuracy(np.zeros((5, 2)), np.zeros(5, np.uint8))
