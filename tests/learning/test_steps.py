"""Compiled training steps, on one that adds."""

from typing import Any

import numpy as np
import pytest
import tensorflow as tf

from latentlab.learning.steps import Steps

BATCHES = np.arange(6, dtype=np.uint8).reshape(3, 2)


def adding() -> tuple[tf.Variable, Steps]:
    """A variable, and steps that add each batch's sum to it and give the sum and the new value."""
    total = tf.Variable(0.0)

    def add(batch: Any) -> Any:
        summed = tf.reduce_sum(tf.cast(batch, tf.float32))
        return tf.stack([summed, total.assign_add(summed)])

    return total, Steps(add, ["sum", "total"])


def test_steps_by_hand() -> None:
    """0 + 1, 2 + 3, 4 + 5, one after the other."""
    total, steps = adding()
    metrics = steps(BATCHES)
    assert {name: values.tolist() for name, values in metrics.items()} == {
        "sum": [1, 5, 9],
        "total": [1, 6, 15],
    }
    assert metrics["sum"].dtype == np.float32
    assert steps(BATCHES[:1])["total"].tolist() == [16]
    assert float(total) == 16


def test_arrays_go_together() -> None:
    def difference(first: Any, second: Any) -> Any:
        return tf.cast(tf.reduce_sum(first), tf.float32)[tf.newaxis] - tf.reduce_sum(second)

    metrics = Steps(difference, ["difference"])(BATCHES, np.ones((3, 4), np.float32))
    assert metrics["difference"].tolist() == [-3, 1, 5]


@pytest.mark.parametrize(("batches", "traces"), [(BATCHES[:1], 1), (BATCHES[:, :1], 2)])
def test_only_batches_of_another_shape_are_traced_anew(batches: Any, traces: int) -> None:
    _, steps = adding()
    steps(BATCHES)
    steps(batches)
    assert steps._function.experimental_get_tracing_count() == traces
