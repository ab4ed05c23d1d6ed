"""The classifier two-sample test: by hand, by scikit-learn, and what it tells apart."""

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from latentlab.scoring.metrics.two_sample import RIDGE, held_out_gain, logistic_regression


def normal(seed: int, *shape: int) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=shape)


def test_one_feature_by_hand() -> None:
    """Standardised, real images are at -1 and samples at 1. The loss log(1 + exp(-w)) + w^2 / 2 is least
    where w = 1 / (1 + exp(w)), at 0.4011."""
    found = held_out_gain(np.zeros((10, 1)), np.full((10, 1), 7.0), seed=0)
    assert found == pytest.approx(np.log(2) - np.log1p(np.exp(-0.40106)), abs=1e-5)


def test_shares_alone_gain_nothing() -> None:
    """A feature of one value leaves the bias, log 3, and what is known of three in four before."""
    assert held_out_gain(np.ones((8, 2)), np.ones((24, 2)), seed=0) == pytest.approx(0, abs=1e-9)


def test_the_fit_is_that_of_scikit_learn() -> None:
    features = normal(0, 300, 20)
    labels = (features[:, 0] + 0.5 * features[:, 1] + normal(1, 300) > 0.5).astype(float)
    theirs = LogisticRegression(C=1 / (300 * RIDGE), tol=1e-10, max_iter=1000).fit(features, labels)
    weights, bias = logistic_regression(features, labels)
    np.testing.assert_allclose(weights, theirs.coef_[0], atol=1e-6)
    assert bias == pytest.approx(theirs.intercept_[0], abs=1e-6)
    assert np.abs(weights).max() > 0.1


def test_images_of_one_kind_are_not_told_apart() -> None:
    gains = [held_out_gain(normal(seed, 500, 100), normal(100 + seed, 500, 100), seed) for seed in range(20)]
    assert -0.01 < np.mean(gains) < 0
    assert max(gains) < 0.005


def test_what_is_farther_off_is_told_apart_more_surely_up_to_log_2() -> None:
    real, samples = normal(2, 400, 50), normal(3, 400, 50)
    gains = [held_out_gain(real, samples + shift, seed=0) for shift in (0, 0.1, 0.3, 1, 10)]
    assert gains == sorted(gains)
    assert gains[2] > 0.05
    assert np.log(2) - 0.07 < gains[-1] < np.log(2)


def test_only_means_are_seen() -> None:
    assert abs(held_out_gain(normal(4, 500, 20), 3 * normal(5, 500, 20), seed=0)) < 0.01


@pytest.mark.parametrize("scale", [1000, 0.001])
def test_scale_and_origin_of_features_do_not_matter(scale: float) -> None:
    real, samples = normal(6, 100, 5), normal(7, 100, 5) + 0.5
    scaled = held_out_gain(scale * real + 3, scale * samples + 3, seed=0)
    assert scaled == pytest.approx(held_out_gain(real, samples, seed=0), rel=1e-9)


def test_halves_are_random_and_seeded() -> None:
    """Sorted features, whose first half is unlike the second, are no matter."""
    real, samples = (np.sort(normal(seed, 1000, 1), axis=0) for seed in (8, 9))
    gains = [held_out_gain(real, samples, seed) for seed in (0, 0, 1)]
    assert gains[0] == gains[1] != gains[2]
    assert np.abs(gains).max() < 0.01


def test_more_features_than_images_in_single_precision() -> None:
    real, samples = normal(10, 300, 400).astype(np.float32), normal(11, 300, 400).astype(np.float32)
    assert -0.05 < held_out_gain(real, samples, seed=0) < 0.005
    assert held_out_gain(real, samples + np.float32(0.3), seed=0) > 0.2


@pytest.mark.parametrize(
    ("real", "samples"), [((3, 2), (8, 2)), ((8, 2), (3, 2)), ((8, 2), (8, 3)), ((8,), (8,))]
)
def test_few_or_misshapen_features_are_refused(real: tuple[int, ...], samples: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match=r"expected features of at least 4 real images \(n, d\) and samples"):
        held_out_gain(np.zeros(real), np.zeros(samples), seed=0)
