"""The bounds and their terms: values by hand, limits, and what they stand for where it is known."""

import math

import numpy as np
import pytest

from latentlab.scoring.metrics.likelihood import (
    bernoulli_nats,
    binarise,
    bits_per_dimension,
    gaussian_kl,
    gaussian_nats,
    importance_weighted_bound,
    level_nats,
    log_importance_weights,
    of_levels,
    of_pixels,
)


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


def test_density_by_hand() -> None:
    """Errors of one and of two sigma cost 1/2 and 2 nats, beside the constants."""
    nats = gaussian_nats(images([0.5, 0.75]), images([0.25, 0.25]), 0.25)
    np.testing.assert_allclose(nats, [2.5 + 2 * math.log(0.25 * math.sqrt(2 * math.pi))])


def test_a_level_has_its_share_of_the_normal_distribution() -> None:
    """At p = x, half a level is one sigma: 68.27 % of it, and at the darkest level, half open, 84.13 %."""
    sigma = 1 / 510
    inside, darkest, brightest = (level_nats(images([x]), images([x]), sigma)[0] for x in (51 / 255, 0, 1))
    assert inside == pytest.approx(-math.log(0.682689), rel=1e-5)
    assert darkest == pytest.approx(-math.log(0.841345), rel=1e-5)
    assert brightest == pytest.approx(darkest, rel=1e-6)


@pytest.mark.parametrize("sigma", [0.001, 0.05, 3.0])
@pytest.mark.parametrize("p", [0.0, 0.3, 1.0])
def test_shares_of_all_levels_are_the_whole(sigma: float, p: float) -> None:
    levels = np.linspace(0, 1, 256, dtype=np.float32).reshape(256, 1, 1, 1)
    nats = level_nats(levels, np.full_like(levels, p), sigma)
    assert np.exp(-nats).sum() == pytest.approx(1, rel=1e-6)
    assert nats.min() >= 0


def test_of_a_wide_sigma_a_share_is_the_density_times_a_level() -> None:
    """So that bits are those of the density, and log2 255."""
    rng = np.random.default_rng(0)
    x = (rng.integers(1, 255, (3, 4, 4, 3)) / 255).astype(np.float32)
    p = rng.uniform(0.3, 0.7, x.shape).astype(np.float32)
    dense = gaussian_nats(x, p, 0.2) + 48 * math.log(255)
    np.testing.assert_allclose(level_nats(x, p, 0.2), dense, rtol=1e-4)


def test_a_level_far_from_its_mean_is_unlikely_and_not_impossible() -> None:
    """A hundred sigma off, on either side, where a share is less than the smallest number."""
    nats = [level_nats(images([x]), images([1 - x]), 0.005)[0] for x in (0.25, 0.75)]
    assert nats[0] == pytest.approx(nats[1], rel=1e-6)
    assert nats[0] == pytest.approx((0.5 - 1 / 510) ** 2 / (2 * 0.005**2), rel=1e-2)


def test_without_a_sigma_pixels_are_bernoulli_variables() -> None:
    x, p = images([0.25, 0.5]), images([0.5, 0.5])
    for likelihood in (of_pixels(None), of_levels(None)):
        assert likelihood(x, p) == bernoulli_nats(x, p)
    assert of_pixels(0.3)(x, p) == gaussian_nats(x, p, 0.3)
    assert of_levels(0.3)(x, p) == level_nats(x, p, 0.3)


def test_bits_per_dimension_by_hand() -> None:
    """Of 12 pixels, of which each is one of 256 levels as likely as another: 8 bits."""
    assert bits_per_dimension(12 * math.log(256), 12) == pytest.approx(8)


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


def test_a_pixel_is_white_as_often_as_it_is_bright() -> None:
    """40,000 draws each: five standard errors are at most 0.0125."""
    grey = np.repeat(np.array([0, 51, 128, 254, 255], np.uint8), 40_000)
    drawn = binarise(grey, seed=0)
    assert set(np.unique(drawn)) == {0, 255}
    shares = drawn.reshape(5, -1).mean(axis=1) / 255
    assert shares[0] == 0
    assert shares[-1] == 1
    np.testing.assert_allclose(shares, [0, 51 / 255, 128 / 255, 254 / 255, 1], atol=0.0125)


def test_the_draw_is_fixed_by_its_seed() -> None:
    grey = np.full(100, 128, np.uint8)
    assert np.array_equal(binarise(grey, 0), binarise(grey, 0))
    assert not np.array_equal(binarise(grey, 0), binarise(grey, 1))


class LinearGaussian:
    """z ~ N(0, 1), x | z ~ N(2 z, 1), so x ~ N(0, 5) and z | x ~ N(2 x / 5, 1 / 5); seen at x = 3."""

    log_marginal = -(9 / 10) - math.log(2 * math.pi * 5) / 2

    def log_weights(self, mean: float, variance: float, num_images: int, draws: int) -> np.ndarray:
        """Of draws from q = N(mean, variance): (num_images, draws)."""
        epsilon = np.random.default_rng(0).standard_normal((num_images * draws, 1))
        z = mean + math.sqrt(variance) * epsilon
        log_likelihoods = -((3 - 2 * z[:, 0]) ** 2) / 2 - math.log(2 * math.pi) / 2
        log_var = np.full_like(z, math.log(variance))
        return log_importance_weights(log_likelihoods, z, epsilon, log_var).reshape(num_images, draws)


def test_with_the_true_posterior_each_draw_weighs_the_likelihood_itself() -> None:
    model = LinearGaussian()
    weights = model.log_weights(6 / 5, 1 / 5, 2, 3)
    np.testing.assert_allclose(weights, model.log_marginal, rtol=1e-12)
    for k in (1, 3):
        assert importance_weighted_bound(weights, k) == pytest.approx(model.log_marginal, rel=1e-12)


def test_the_bound_rises_from_the_elbo_to_the_likelihood() -> None:
    """q = N(1, 1): the ELBO is E log p(x | z) - KL = -(1 + 4) / 2 - log(2 pi) / 2 - 1 / 2."""
    model = LinearGaussian()
    weights = model.log_weights(1, 1, 2000, 400)
    bounds = [importance_weighted_bound(weights, k) for k in (1, 5, 40, 400)]
    assert bounds[0] == pytest.approx(-3 - math.log(2 * math.pi) / 2, abs=0.02)
    assert bounds == sorted(bounds)
    assert bounds[-1] == pytest.approx(model.log_marginal, abs=0.005)
    assert bounds[0] < bounds[1] - 0.5


def test_bound_by_hand() -> None:
    """Weights 1, 3, 5 and 7: groups of two have means 2 and 6; a group of three leaves the 7 out."""
    weights = np.log([[1.0, 3.0, 5.0, 7.0]])
    assert importance_weighted_bound(weights, 1) == pytest.approx(math.log(105) / 4)
    assert importance_weighted_bound(weights, 2) == pytest.approx(math.log(12) / 2)
    assert importance_weighted_bound(weights, 3) == pytest.approx(math.log(3))
    assert importance_weighted_bound(weights, 4) == pytest.approx(math.log(4))
    assert importance_weighted_bound(np.repeat(weights, 3, axis=0), 4) == pytest.approx(math.log(4))


def test_weights_far_below_the_smallest_number_do_not_vanish() -> None:
    assert importance_weighted_bound(np.full((1, 2), -5000.0), 2) == pytest.approx(-5000)


@pytest.mark.parametrize("k", [0, 5])
def test_more_draws_than_there_are_cannot_be_weighed(k: int) -> None:
    with pytest.raises(ValueError, match=f"number of draws, 4, got {k}"):
        importance_weighted_bound(np.zeros((1, 4)), k)
