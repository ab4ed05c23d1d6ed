"""The terms of the bound: values worked out by hand, limits, and the integral that they stand for."""

import math

import numpy as np
import pytest

from latentlab.metrics.likelihood import bernoulli_nats, gaussian_kl


def images(*pixels: list[float]) -> np.ndarray:
    return np.array(pixels, np.float32)[..., np.newaxis, np.newaxis]


def test_cross_entropy_by_hand() -> None:
    """A sure black pixel costs log 2 at p = 1/2; grey 1/4 at p = 3/4 costs 1/4 log 4/3 + 3/4 log 4."""
    nats = bernoulli_nats(images([1, 0], [0.25, 1]), images([0.5, 0.5], [0.75, 0.5]))
    expected = [2 * math.log(2), 0.25 * math.log(4 / 3) + 0.75 * math.log(4) + math.log(2)]
    np.testing.assert_allclose(nats, expected, rtol=1e-7)
    assert nats.dtype == np.float64


def test_each_image_has_its_own_sum_over_rows_columns_and_channels() -> None:
    half = np.full((3, 4, 5, 2), 0.5, np.float32)
    np.testing.assert_allclose(bernoulli_nats(half, half), [40 * math.log(2)] * 3)


def test_cross_entropy_is_least_at_the_image_itself_where_it_is_the_entropy() -> None:
    x = images([0.3, 0.9])
    least = bernoulli_nats(x, x)[0]
    entropy = -sum(p * math.log(p) + (1 - p) * math.log(1 - p) for p in (0.3, 0.9))
    assert least == pytest.approx(entropy, rel=1e-6)
    for step in (-0.05, 0.05):
        assert bernoulli_nats(x, x + np.float32(step))[0] > least


def test_means_of_exactly_0_and_1_stay_finite() -> None:
    right = bernoulli_nats(images([0, 1]), images([0, 1]))
    wrong = bernoulli_nats(images([0, 1]), images([1, 0]))
    np.testing.assert_allclose(right, [2e-7], rtol=1e-3)
    np.testing.assert_allclose(wrong, [2 * math.log(1e7)], rtol=1e-6)


def test_kl_by_hand() -> None:
    """mu 2 at sigma 1 gives 2; sigma^2 = e gives (e - 2) / 2; the prior itself gives 0."""
    z_mean = np.array([[2, 0, 0], [0, 0, -1]], np.float32)
    z_log_var = np.array([[0, 1, 0], [0, -1, 0]], np.float32)
    expected = [[2, (math.e - 2) / 2, 0], [0, math.exp(-1) / 2, 0.5]]
    np.testing.assert_allclose(gaussian_kl(z_mean, z_log_var), expected, rtol=1e-7)


def test_kl_is_the_integral_that_defines_it() -> None:
    mean, log_var = 0.7, -0.9
    z, step = np.linspace(-12, 12, 200_001, retstep=True)
    log_q = -((z - mean) ** 2) / (2 * math.exp(log_var)) - 0.5 * (math.log(2 * math.pi) + log_var)
    log_p = -(z**2) / 2 - 0.5 * math.log(2 * math.pi)
    integral = float(np.sum(np.exp(log_q) * (log_q - log_p)) * step)
    assert gaussian_kl(np.array([[mean]]), np.array([[log_var]]))[0, 0] == pytest.approx(integral, rel=1e-6)


def test_kl_grows_with_the_distance_from_the_prior_on_every_side() -> None:
    zeros = np.zeros((1, 4), np.float32)
    means = gaussian_kl(np.array([[0, 0.5, -1, 2]], np.float32), zeros)[0]
    assert (np.diff(means) > 0).all()
    widths = gaussian_kl(zeros, np.array([[0, 0.5, 1, 2]], np.float32))[0]
    assert (np.diff(widths) > 0).all()
    narrow = gaussian_kl(zeros, np.array([[0, -0.5, -1, -2]], np.float32))[0]
    assert (np.diff(narrow) > 0).all()
