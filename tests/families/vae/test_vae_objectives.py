import math
from typing import get_args

import numpy as np
import pytest
import tensorflow as tf

from latentlab.families.vae.model.objectives import (
    RECONSTRUCTIONS,
    Objective,
    free_bits,
    gaussian,
    gaussian_optimal,
    kl_divergences,
    warmed_up,
    weight_of_kl,
)
from latentlab.families.vae.settings import Settings
from latentlab.learning.pixels import SIGMAS
from latentlab.scoring.metrics.likelihood import of_pixels


def test_objective_by_hand() -> None:
    """Pixels 1, 0 and 1/4 at logits 0, 0 and ln 3, so that p is 1/2, 1/2 and 3/4.

    The last one's cross-entropy is -(1/4 ln 3/4 + 3/4 ln 1/4) = ln 4 - 1/4 ln 3. The KL is 1/2 (mu^2 +
    sigma^2 - 1 - ln sigma^2) for each latent: 2 for mu 2 and sigma 1, and 1/2 (4 - 1 - ln 4) for sigma 2.
    """
    x = tf.constant([1, 0, 0.25], shape=(1, 1, 3, 1))
    logits = tf.constant([0, 0, math.log(3)], shape=(1, 1, 3, 1))
    z_mean, z_log_var = tf.constant([[2.0, 0.0]]), tf.constant([[0.0, math.log(4)]])
    values = Objective(kl_weight=0.1).terms(x, logits, z_mean, z_log_var)
    reconstruction = (2 * math.log(2) + math.log(4) - math.log(3) / 4) / 3
    kl = 2 + (3 - math.log(4)) / 2
    np.testing.assert_allclose(values, [reconstruction, kl, reconstruction + 0.1 * kl], rtol=1e-6)


def test_objective_is_a_mean_over_images_and_finite_for_certain_logits() -> None:
    x = tf.constant([1, 0], tf.float32, shape=(2, 1, 1, 1))
    z_mean, z_log_var = tf.constant([[0.0], [2.0]]), tf.zeros((2, 1))
    logits = tf.constant([-500, 500], tf.float32, shape=(2, 1, 1, 1))
    wrong = Objective(kl_weight=0).terms(x, logits, z_mean, z_log_var)
    assert [float(value) for value in wrong] == [500, 1, 500]


def test_gaussian_by_hand() -> None:
    """Pixels 1 and 1/2 at p = 1/2 and 3/4: errors 1/2 and 1/4, so 5/32 is the mean square."""
    x, logits = (tf.constant(pair, shape=(1, 1, 2, 1)) for pair in ([1, 0.5], [0, math.log(3)]))
    expected = 5 / 32 / (2 * 0.04) + math.log(0.2 * math.sqrt(2 * math.pi))
    np.testing.assert_allclose(gaussian(x, logits), expected, rtol=1e-6)
    assert SIGMAS["gaussian"] == 0.2


def test_the_optimal_sigma_by_hand() -> None:
    """The same errors, 1/2 and 1/4: sigma^2 = 5/32, under which no other sigma makes them likelier."""
    x, logits = (tf.constant(pair, shape=(1, 1, 2, 1)) for pair in ([1, 0.5], [0, math.log(3)]))
    found = float(gaussian_optimal(x, logits))
    np.testing.assert_allclose(found, 1 / 2 + math.log(2 * math.pi * 5 / 32) / 2, rtol=1e-6)
    for sigma in (0.2, 0.39, 0.4, 1.0):
        assert found < of_pixels(sigma)(x.numpy(), tf.sigmoid(logits).numpy())[0] / 2


@pytest.mark.parametrize(("error", "gradient"), [(0.25, 1 / 0.25), (0.001, 0.001 * 255**2)])
def test_the_optimal_sigma_weighs_errors_by_itself_down_to_a_grey_level(
    error: float, gradient: float
) -> None:
    """d/dp of log sigma is 1 / error, and where a sigma of 1/255 is kept, that of error^2 / (2 sigma^2)."""
    logits = tf.zeros((1, 1, 1, 1))
    with tf.GradientTape() as tape:
        tape.watch(logits)
        loss = gaussian_optimal(tf.constant(0.5 - error, shape=(1, 1, 1, 1)), logits)
    # At a logit of 0, dp is a quarter of it.
    np.testing.assert_allclose(tape.gradient(loss, logits), [[[[gradient / 4]]]], rtol=1e-3)


def test_perfect_pixels_have_a_finite_loss_and_no_gradient() -> None:
    logits = tf.zeros((1, 1, 1, 1))
    with tf.GradientTape() as tape:
        tape.watch(logits)
        loss = gaussian_optimal(tf.constant(0.5, shape=(1, 1, 1, 1)), logits)
    np.testing.assert_allclose(float(loss), math.log(math.sqrt(2 * math.pi) / 255), rtol=1e-6)
    assert tape.gradient(loss, logits).numpy().item() == 0


def test_reconstructions_are_those_of_the_params_and_of_the_evaluation() -> None:
    """Images of six pixels, of which the evaluation sums what training takes the mean of."""
    assert get_args(Settings.model_fields["reconstruction"].annotation) == tuple(RECONSTRUCTIONS)
    assert [*SIGMAS, "gaussian_optimal"] == list(RECONSTRUCTIONS)
    rng = np.random.default_rng(0)
    x, logits = rng.random((4, 2, 3, 1)), rng.standard_normal((4, 2, 3, 1))
    p = 1 / (1 + np.exp(-logits))
    for name, sigma in {**SIGMAS, "gaussian_optimal": np.sqrt(np.mean((x - p) ** 2))}.items():
        summed = of_pixels(sigma)(x, p)
        np.testing.assert_allclose(RECONSTRUCTIONS[name](x, logits), summed.mean() / 6, rtol=1e-6)


def test_free_bits_are_a_least_for_each_dimension_s_mean_over_the_batch() -> None:
    """Means 1, 0.5 and 0.05: with 0.2 nats free the last counts as 0.2, though one image has more."""
    divergences = tf.constant([[2.0, 0.5, 0.1], [0.0, 0.5, 0.0]])
    np.testing.assert_allclose(free_bits(divergences, 0.2), 1.7, rtol=1e-6)
    np.testing.assert_allclose(free_bits(divergences, 0.0), 1.55, rtol=1e-6)
    with tf.GradientTape() as tape:
        tape.watch(divergences)
        penalty = free_bits(divergences, 0.2)
    assert tape.gradient(penalty, divergences).numpy().tolist() == [[0.5, 0.5, 0], [0.5, 0.5, 0]]


def test_the_weight_rises_in_a_line_and_stays() -> None:
    weights = [float(warmed_up(0.8, tf.constant(step), 4)) for step in (0, 1, 2, 4, 9)]
    np.testing.assert_allclose(weights, [0, 0.2, 0.4, 0.8, 0.8], rtol=1e-6)


def test_the_objective_weighs_as_it_is_told_and_still_reports_the_whole_kl() -> None:
    """A KL of 2 in one dimension and none in the other, of which 0.5 nats are free."""
    x = logits = tf.zeros((1, 1, 1, 1))
    z_mean, z_log_var = tf.constant([[2.0, 0.0]]), tf.zeros((1, 2))
    assert kl_divergences(z_mean, z_log_var).numpy().tolist() == [[2, 0]]
    told = Objective(0.4, free_nats=0.5, warmup_steps=10)
    for step, weight in ((None, 0.4), (5, 0.2)):
        reconstruction, kl, whole = told.terms(x, logits, z_mean, z_log_var, step=step)
        assert float(kl) == 2
        np.testing.assert_allclose(whole - reconstruction, weight * 2.5, rtol=1e-6)


def test_without_a_weight_of_the_kl_that_of_the_elbo_is_taken() -> None:
    assert weight_of_kl(0.002, 784) == 0.002
    assert weight_of_kl(0.0, 784) == 0
    assert weight_of_kl(None, 784) == 1 / 784
