"""What a compiled step really does, read off its graph: floating-point operations, and bytes moved.

Counted are its own operations and those of the functions that it calls, of a loop one pass. What nothing
needs is not counted, because TensorFlow does not run it.
"""

import math
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

# What calls other functions, and under which name it holds the one that is run.
CALLS = {"PartitionedCall": "f", "StatefulPartitionedCall": "f", "While": "body", "StatelessWhile": "body"}
# What hands numbers on, or looks at their shape, and moves none.
VIEWS = {
    "Const",
    "ExpandDims",
    "Identity",
    "IdentityN",
    "Placeholder",
    "ReadVariableOp",
    "Reshape",
    "Shape",
    "ShapeN",
    "Squeeze",
    "StopGradient",
}


class Cost(NamedTuple):
    """What a step does.

    Attributes:
        operations: the multiplications and additions of matrix products and convolutions, which are nearly
            all: forward and for both gradients. A convolution with constant filters or a product with a
            constant matrix is none, for it only moves numbers, and adds a few.
        bytes: what all operations read and write, if none keeps numbers for the next one: those that
            TensorFlow fuses in the end move less. What XLA compiles counts as one.
    """

    operations: int = 0
    bytes: int = 0


def count(function: Any) -> Cost:
    """The cost of a concrete ``tf.function`` whose shapes are all known.

    A loop counts as one pass of it, so that a function that trains several steps counts as one of them.
    """
    return Cost(_operations_of_graph(function.graph), _bytes_of_graph(function.graph))


def _operations_of_graph(graph: Any) -> int:
    return sum(map(_operations, _needed(graph)))


def _bytes_of_graph(graph: Any) -> int:
    return sum(map(_bytes, _needed(graph)))


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


def _operations(operation: Any) -> int:
    if operation.type in CALLS:
        return _operations_of_graph(_called(operation))
    if operation.type in MULTIPLICATIONS:
        return 2 * MULTIPLICATIONS[operation.type](operation)
    return 0


def _bytes(operation: Any) -> int:
    if operation.type in CALLS and not _is_compiled(operation):
        return _bytes_of_graph(_called(operation))
    if operation.type in VIEWS:
        return 0
    return sum(map(_bytes_of_tensor, (*operation.inputs, *operation.outputs)))


def _called(operation: Any) -> Any:
    return operation.graph._get_function(operation.get_attr(CALLS[operation.type]).name).graph


def _is_compiled(operation: Any) -> bool:
    """Whether it calls what XLA makes one piece of."""
    return "_XlaMustCompile" in operation.node_def.attr and operation.get_attr("_XlaMustCompile")


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


def _bytes_of_tensor(tensor: Any) -> int:
    """None for what stands for numbers elsewhere, variables and lists, nor for what comes out of a list."""
    is_handle = tensor.dtype.name in ("resource", "variant")
    return 0 if is_handle or not tensor.shape.is_fully_defined() else _size(tensor) * tensor.dtype.size


MULTIPLICATIONS: dict[str, Callable[[Any], int]] = {
    "Conv2D": _convolution,
    "Conv2DBackpropInput": _input_gradient,
    "Conv2DBackpropFilter": _filter_gradient,
    "MatMul": _matrix_product,
    "BatchMatMulV2": _matrix_product,
}
