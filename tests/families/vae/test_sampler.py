import math

import numpy as np
import tensorflow as tf

from latentlab.families.vae.model.sampler import Sampler


def test_sampler_draws_from_the_normal_distribution() -> None:
    z_mean = np.full((100_000, 2), [3, -1], np.float32)
    z_log_var = np.full((100_000, 2), [0, 2 * math.log(4)], np.float32)
    z = np.asarray(Sampler(0.5, seed=1)(z_mean, z_log_var))
    np.testing.assert_allclose(z.mean(axis=0), [3, -1], atol=0.02)
    np.testing.assert_allclose(z.std(axis=0), [0.5, 2], rtol=0.01)
    assert abs(np.corrcoef(z.T)[0, 1]) < 0.02


def test_sampler_draws_anew_each_time_in_an_order_that_its_seed_decides() -> None:
    zeros = np.zeros((4, 2), np.float32)
    first, same, other = Sampler(1.0, seed=1), Sampler(1.0, seed=1), Sampler(1.0, seed=2)
    draws = [np.asarray(first(zeros, zeros)) for _ in range(2)]
    assert not np.array_equal(draws[0], draws[1])
    assert np.array_equal([np.asarray(same(zeros, zeros)) for _ in range(2)], draws)
    assert not np.array_equal(np.asarray(other(zeros, zeros)), draws[0])


def test_gradients_pass_the_sampler_to_both_inputs() -> None:
    """dz / dz_mean is 1, and dz / dz_log_var is exp(z_log_var / 2) epsilon / 2 = (z - z_mean) / 2."""
    z_mean, z_log_var = tf.constant([[1.0, 2.0]]), tf.constant([[0.5, -3.0]])
    with tf.GradientTape() as tape:
        tape.watch([z_mean, z_log_var])
        z = Sampler(1.0, seed=3)(z_mean, z_log_var)
    of_mean, of_log_var = tape.gradient(z, [z_mean, z_log_var])
    assert of_mean.numpy().tolist() == [[1, 1]]
    np.testing.assert_allclose(of_log_var, (z - z_mean) / 2, rtol=1e-5)
    assert np.all(of_log_var.numpy() != 0)
