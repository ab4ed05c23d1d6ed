import math

import numpy as np
import tensorflow as tf

from latentlab.gan.objectives import cross_entropy


def test_cross_entropy_by_hand() -> None:
    """Logits 0 and ln 3 say p = 1/2 and 3/4: -ln p for label 1, and -ln(1 - p) for label 0."""
    logits = tf.constant([[0.0], [math.log(3)]])
    np.testing.assert_allclose(cross_entropy(logits, 1.0), (math.log(2) + math.log(4 / 3)) / 2, rtol=1e-6)
    np.testing.assert_allclose(cross_entropy(logits, 0.0), (math.log(2) + math.log(4)) / 2, rtol=1e-6)
    assert float(cross_entropy(tf.constant([[-500.0]]), 1.0)) == 500
