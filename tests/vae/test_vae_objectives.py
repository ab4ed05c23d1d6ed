import math

import numpy as np
import tensorflow as tf

from latentlab.vae.objectives import objective


def test_objective_by_hand() -> None:
    """Pixels 1, 0 and 1/4 at logits 0, 0 and ln 3, so that p is 1/2, 1/2 and 3/4.

    The last one's cross-entropy is -(1/4 ln 3/4 + 3/4 ln 1/4) = ln 4 - 1/4 ln 3. The KL is 1/2 (mu^2 +
    sigma^2 - 1 - ln sigma^2) for each latent: 2 for mu 2 and sigma 1, and 1/2 (4 - 1 - ln 4) for sigma 2.
    """
    x = tf.constant([1, 0, 0.25], shape=(1, 1, 3, 1))
    logits = tf.constant([0, 0, math.log(3)], shape=(1, 1, 3, 1))
    z_mean, z_log_var = tf.constant([[2.0, 0.0]]), tf.constant([[0.0, math.log(4)]])
    values = objective(x, logits, z_mean, z_log_var, kl_weight=0.1)
    reconstruction = (2 * math.log(2) + math.log(4) - math.log(3) / 4) / 3
    kl = 2 + (3 - math.log(4)) / 2
    np.testing.assert_allclose(values, [reconstruction, kl, reconstruction + 0.1 * kl], rtol=1e-6)


def test_objective_is_a_mean_over_images_and_finite_for_certain_logits() -> None:
    x = tf.constant([1, 0], tf.float32, shape=(2, 1, 1, 1))
    z_mean, z_log_var = tf.constant([[0.0], [2.0]]), tf.zeros((2, 1))
    wrong = objective(
        x, tf.constant([-500, 500], tf.float32, shape=(2, 1, 1, 1)), z_mean, z_log_var, kl_weight=0
    )
    assert [float(value) for value in wrong] == [500, 1, 500]
