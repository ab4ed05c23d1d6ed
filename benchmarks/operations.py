"""The floating-point operations that a compiled step really does, read off its graph.

Counted are the multiplications and additions of matrix products and convolutions, which are nearly all of a
step's: forward and for both gradients, in the functions that it calls too, and one pass of a loop. An
operation whose result nothing needs is not counted, because TensorFlow does not run it; nor is a convolution
with constant filters or a product with a constant matrix, which only move numbers, and add a few.
"""

import math
from collections.abc import Callable, Iterator
from typing import Any

# What calls other functions, and under which name it holds the one that is run.
CALLS = {"PartitionedCall": "f", "StatefulPartitionedCall": "f", "While": "body", "StatelessWhile": "body"}


def count_operations(function: Any) -> int:
    """Floating-point operations of a concrete ``tf.function`` whose shapes are all known.

    A loop counts as one pass of it, so that a function that trains several steps counts as one of them.
    """
    return _count_graph(function.graph)


def _count_graph(graph: Any) -> int:
    return sum(_count(operation) for operation in _needed(graph))


def _needed(graph: Any) -> Iterator[Any]:
    """The operations that a graph's results and its changes of variables depend on."""
    rest = [tensor.op for tensor in graph.outputs] + list(graph.control_outputs)
    seen = set(rest)
    while rest:
        operation = rest.pop()
        yield operation
        new = {tensor.op for tensor in operation.inputs} | set(operation.control_inputs)
        rest.extend(new - seen)
        seen |= new


def _count(operation: Any) -> int:
    if operation.type in CALLS:
        name = operation.get_attr(CALLS[operation.type]).name
        return _count_graph(operation.graph._get_function(name).graph)
    if operation.type in MULTIPLICATIONS:
        return 2 * MULTIPLICATIONS[operation.type](operation)
    return 0


def _convolution(operation: Any) -> int:
    filters = operation.inputs[1]
    return 0 if filters.op.type == "Const" else _taps(filters) * _size(operation.outputs[0])


def _input_gradient(operation: Any) -> int:
    _, filters, upstream = operation.inputs
    return 0 if filters.op.type == "Const" else _taps(filters) * _size(upstream)


def _filter_gradient(operation: Any) -> int:
    return _taps(operation.outputs[0]) * _size(operation.inputs[2])


def _matrix_product(operation: Any) -> int:
    """Of shapes (..., m, k) and (..., k, n), transposed or not: the batch times m k n."""
    if any(tensor.op.type == "Const" for tensor in operation.inputs):
        return 0
    first, second, product = (_size(tensor) for tensor in (*operation.inputs, operation.outputs[0]))
    batch = math.prod(operation.outputs[0].shape[:-2])
    return math.isqrt(first * second * product // batch)


def _taps(filters: Any) -> int:
    """Multiplications for each number of a convolution's output: filters are (k, k, channels, filters)."""
    return math.prod(filters.shape[:-1])


def _size(tensor: Any) -> int:
    return math.prod(tensor.shape)


MULTIPLICATIONS: dict[str, Callable[[Any], int]] = {
    "Conv2D": _convolution,
    "Conv2DBackpropInput": _input_gradient,
    "Conv2DBackpropFilter": _filter_gradient,
    "MatMul": _matrix_product,
    "BatchMatMulV2": _matrix_product,
}
