"""What generator and discriminator minimise."""

import tensorflow as tf

from latentlab.layers import Tensor


def cross_entropy(logits: Tensor, label: float) -> Tensor:
    """Mean binary cross-entropy, in nats, of logits (batch, 1) against one label for all, 0 or 1."""
    labels = tf.fill(tf.shape(logits), label)
    return tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(labels=labels, logits=logits))
