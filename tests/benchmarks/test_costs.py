"""The count of a step's operations and bytes, on functions whose count is known by hand."""

from typing import Any

import numpy as np
import tensorflow as tf

from benchmarks.costs import Cost, count
from latentlab.learning.doubling import upsample_conv2d


def counted(function: Any, *shapes: tuple[int, ...]) -> int:
    return cost(function, *shapes).operations


def cost(function: Any, *shapes: tuple[int, ...]) -> Cost:
    return count(tf.function(function).get_concrete_function(*map(tf.TensorSpec, shapes)))


def test_a_matrix_product_by_hand() -> None:
    """2 x 3 by 3 x 5: 30 multiplications, and as many additions."""
    assert counted(tf.matmul, (2, 3), (3, 5)) == 60


def test_a_convolution_and_its_gradients_by_hand() -> None:
    """2 images of 4 x 4, kernel 3 x 3, 5 to 7 channels: 2 16 9 5 7 multiplications, three times."""

    def with_gradients(x: Any, kernel: Any) -> Any:
        with tf.GradientTape() as tape:
            tape.watch([x, kernel])
            loss = tf.reduce_sum(tf.nn.conv2d(x, kernel, 1, "SAME") ** 2)
        return tape.gradient(loss, [x, kernel])

    assert counted(with_gradients, (2, 4, 4, 5), (3, 3, 5, 7)) == 3 * 2 * (2 * 16 * 9 * 5 * 7)


def test_what_nothing_needs_is_not_counted() -> None:
    def half_needed(x: Any, y: Any) -> Any:
        tf.matmul(x, y)
        return tf.matmul(y, x)

    assert counted(half_needed, (2, 3), (3, 2)) == 2 * 3 * 2 * 3


def test_a_loop_counts_once_and_what_it_calls_counts_too() -> None:
    inner = tf.function(tf.matmul, jit_compile=True)

    def looped(x: Any) -> Any:
        for _ in tf.range(10):
            x = inner(x, x)
        return x

    assert counted(looped, (3, 3)) == 2 * 27


def test_a_product_with_a_constant_is_not_counted() -> None:
    """Sums and differences, which is what such matrices stand for, are no multiplications of a network."""
    assert counted(lambda x: tf.ones((4, 3)) @ tf.matmul(x, x), (3, 3)) == 2 * 27
    assert counted(lambda x: x @ np.ones((3, 2), np.float32), (3, 3)) == 0


def test_a_doubled_image_costs_thirty_six_products_for_four_by_four_pixels() -> None:
    """Of 6 x 6 source pixels with 4 channels, where the plain way takes 256; odd sides are rounded up."""
    for side in (5, 6):
        products = counted(lambda *x: upsample_conv2d(*x).whole(), (1, side, side, 4), (4, 4, 4, 4))
        assert products == 2 * 9 * 36 * 4 * 4


def test_bytes_by_hand() -> None:
    """Two matrices of 2 x 3 are read, one is written and read, one written: 30 numbers of 4 bytes."""
    assert cost(lambda x, y: tf.exp(tf.reshape(x + y, (3, 2))), (2, 3), (2, 3)).bytes == 30 * 4


def test_what_xla_compiles_moves_its_arguments_and_results_alone() -> None:
    compiled = tf.function(lambda x: tf.exp(x + x), jit_compile=True)
    plain = tf.function(lambda x: tf.exp(x + x))
    assert cost(lambda x: compiled(x) * 2.0, (6,)).bytes == (6 + 6) * 4 + (6 + 1 + 6) * 4
    assert cost(lambda x: plain(x) * 2.0, (6,)).bytes == (3 * 6 + 2 * 6) * 4 + (6 + 1 + 6) * 4


def test_variables_are_read_where_they_are_used() -> None:
    variable = tf.Variable(tf.ones((5,)))
    assert cost(lambda x: x * variable, (5,)).bytes == 3 * 5 * 4


def test_what_a_loop_keeps_in_a_list_is_not_counted() -> None:
    """Its sum, 5 numbers read and one written, is; and so are the loop's own few numbers."""

    def looped(x: Any) -> Any:
        sums = tf.TensorArray(tf.float32, size=3)
        for i in tf.range(3):
            sums = sums.write(i, tf.reduce_sum(x))
        return sums.stack()

    assert 6 * 4 <= cost(looped, (5,)).bytes < 100 * 4
