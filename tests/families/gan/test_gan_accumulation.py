"""Gradients taken a part at a time are those of the whole batch."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import tensorflow as tf

from latentlab.families.gan.model import accumulation

RNG = np.random.default_rng(0)
WEIGHTS = RNG.normal(size=(3, 2)).astype(np.float32)


def descend(batch: list[npt.NDArray[Any]], *, in_parts: bool) -> tuple[npt.NDArray[Any], float, list[int]]:
    """The gradient and the loss of a layer's mean square, and how many rows each trace of the loss had."""
    weights, rows = tf.Variable(WEIGHTS), []

    def loss(x: Any, scale: Any) -> Any:
        rows.append(x.shape[0])
        return tf.reduce_mean((tf.tanh(x @ weights) * scale) ** 2)

    @tf.function
    def compiled() -> Any:
        return accumulation.gradients(loss, [weights], list(map(tf.constant, batch)), in_parts=in_parts)

    [gradient], value = compiled()
    return gradient.numpy(), float(value), rows


def rows_of(count: int) -> list[npt.NDArray[Any]]:
    rng = np.random.default_rng(1)
    return [rng.normal(size=(count, 3)).astype(np.float32), rng.normal(size=(count, 1)).astype(np.float32)]


@pytest.mark.parametrize(("count", "size"), [(256, 64), (64, 64), (100, 100), (32, 32)])
def test_a_batch_is_taken_in_equal_parts_or_whole(count: int, size: int) -> None:
    gradient, loss, rows = descend(rows_of(count), in_parts=True)
    whole_gradient, whole_loss, whole_rows = descend(rows_of(count), in_parts=False)
    assert set(rows) == {size}
    assert set(whole_rows) == {count}
    np.testing.assert_allclose(gradient, whole_gradient, rtol=1e-5, atol=1e-6)
    assert loss == pytest.approx(whole_loss, rel=1e-5)


def test_a_gradient_by_hand() -> None:
    """The mean of w x over x = 0 to 127 is 63.5 w, in two parts of 31.5 and 95.5."""
    weight = tf.Variable(2.0)

    @tf.function
    def compiled() -> Any:
        x = tf.range(128, dtype=tf.float32)[:, tf.newaxis]
        return accumulation.gradients(
            lambda rows: tf.reduce_mean(weight * rows), [weight], [x], in_parts=True
        )

    [gradient], loss = compiled()
    assert (float(gradient), float(loss)) == (63.5, 127.0)
