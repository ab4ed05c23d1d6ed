"""The count of a step's operations, on functions whose count is known by hand."""

from typing import Any

import tensorflow as tf

from benchmarks.operations import count_operations
from latentlab.layers import upsample_conv2d


def counted(function: Any, *shapes: tuple[int, ...]) -> int:
    return count_operations(tf.function(function).get_concrete_function(*map(tf.TensorSpec, shapes)))


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


def test_a_doubled_image_costs_sixteen_products_for_two_by_two_pixels() -> None:
    """4 convolutions of 2 x 2 on 6 x 6 pixels with 4 channels, where the plain way takes 8 x 8 a pixel."""
    products = counted(upsample_conv2d, (1, 6, 6, 4), (4, 4, 4, 4)) - summing_of_taps()
    assert products == 2 * 36 * 16 * 4 * 4


def summing_of_taps() -> int:
    """Of the kernel's taps: products with matrices of 0 and 1, which do not grow with the images."""
    small = counted(upsample_conv2d, (1, 3, 3, 4), (4, 4, 4, 4))
    return small - 2 * 9 * 16 * 4 * 4
