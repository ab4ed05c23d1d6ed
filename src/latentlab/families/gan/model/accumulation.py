"""Gradients of a mean over a batch, taken a part of the batch at a time."""

from collections.abc import Callable, Sequence
from typing import Any

import tensorflow as tf

from latentlab.learning import devices
from latentlab.learning.tensors import Tensor

# Images whose maps are kept at once: more take memory, and not less time.
PART = 64


def gradients(
    loss: Callable[..., Tensor], variables: Sequence[Any], batch: Sequence[Tensor], *, in_parts: bool
) -> tuple[list[Tensor], Tensor]:
    """Gradients and value of a loss; call it inside of a compiled function, or its loop is a slow one.

    Equal parts have means that average to the mean over all. A batch of another size than a multiple of
    ``PART`` stays whole.

    Args:
        loss: takes the rows of each array of the batch and gives their mean, a scalar.
        variables: what to differentiate by.
        batch: arrays of equal length, (n, features).
        in_parts: false for a loss that is no mean over rows, as where they are normalised over the batch.

    Returns:
        A gradient for each variable, and the loss.
    """
    part = PART // devices.count()
    size = part if in_parts and len(batch[0]) % part == 0 else len(batch[0])
    num_parts = len(batch[0]) // size
    parts = [tf.reshape(array, [num_parts, size, array.shape[-1]]) for array in batch]
    sums, total = [tf.zeros_like(variable) for variable in variables], tf.constant(0.0)
    # Several devices cannot meet inside of a loop, as they do where they normalise.
    numbers = range(1) if num_parts == 1 and devices.count() > 1 else tf.range(num_parts)
    for number in numbers:
        # Else TensorFlow starts on ten parts at once, and keeps the maps of all.
        tf.autograph.experimental.set_loop_options(parallel_iterations=1)
        with tf.GradientTape() as tape:
            value = loss(*[part[number] for part in parts]) / num_parts
        sums = [known + new for known, new in zip(sums, tape.gradient(value, variables), strict=True)]
        total += value
    return sums, total
