"""Penalties on the slope of a discriminator's output."""

from collections.abc import Callable

import tensorflow as tf

from latentlab.learning.tensors import Tensor


def gradient_penalty(
    critic: Callable[[Tensor], Tensor], real: Tensor, generated: Tensor, shares: Tensor
) -> Tensor:
    """E (|grad D(x)| - 1)^2 at x between real and generated images (Gulrajani et al. 2017, equation 3).

    Args:
        critic: D, from images to outputs (batch, 1), each of its own image alone.
        real, generated: float32 (batch, h, w, channels).
        shares: of the real image in each mixture, in [0, 1], (batch, 1, 1, 1).
    """
    mixed = shares * real + (1 - shares) * generated
    with tf.GradientTape(watch_accessed_variables=False) as tape:
        tape.watch(mixed)
        outputs = critic(mixed)
    slopes = tape.gradient(outputs, mixed)
    # A square root has no slope at 0.
    norms = tf.sqrt(tf.reduce_sum(slopes**2, axis=(1, 2, 3)) + 1e-12)
    return tf.reduce_mean((norms - 1) ** 2)


def zero_centred(discriminator: Callable[[Tensor], Tensor], images: Tensor) -> Tensor:
    """1/2 E |grad D(x)|^2: R1 of real images, R2 of generated ones (Mescheder et al. 2018, equation 9).

    Args:
        discriminator: D, from images to outputs (batch, 1) before any activation, each of its own image
            alone.
        images: float32 (batch, h, w, channels).
    """
    with tf.GradientTape(watch_accessed_variables=False) as tape:
        tape.watch(images)
        outputs = discriminator(images)
    slopes = tape.gradient(outputs, images)
    return tf.reduce_mean(tf.reduce_sum(slopes**2, axis=(1, 2, 3))) / 2
