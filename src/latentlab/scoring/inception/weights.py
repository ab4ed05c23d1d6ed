"""Fills the network with the weights of the published graph.

The file is a GraphDef, a description of a TensorFlow graph with its weights as constants. The constants are
read from it and no node is run, so nothing that a file of unknown origin asks for is done.
"""

from typing import Any, NamedTuple

import keras
import numpy as np
import numpy.typing as npt
import tensorflow as tf

from latentlab.scoring.inception import network, weights_file

EPSILON = 0.001
Array = npt.NDArray[np.float32]


class Normalisation(NamedTuple):
    """The batch normalisation of a convolution's channels, (channels,) each, in the graph's words."""

    gamma: Array
    beta: Array
    moving_mean: Array
    moving_variance: Array


def load(path: str) -> keras.Model:
    """The network with the weights of a file.

    Args:
        path: of the graph, absolute or relative to the root of the repository.

    Raises:
        EvaluationError: the file is missing, is no GraphDef, lacks a node, or has one of another shape.
    """
    constants = _constants(path)
    model = network.build()
    for layer in model.layers:
        if isinstance(layer, keras.layers.Conv2D):
            scope = layer.name.replace(".", "/")
            kernel = _take(constants, f"{scope}/conv2d_params", layer.kernel.shape, path)
            channels = layer.bias.shape
            parts = (
                _take(constants, f"{scope}/batchnorm/{part}", channels, path)
                for part in Normalisation._fields
            )
            layer.set_weights(fold(kernel, Normalisation(*parts)))
    return model


def fold(kernel: Array, normalisation: Normalisation) -> tuple[Array, Array]:
    """The kernel and the bias of a convolution that normalises its outputs as well, in double precision.

        gamma (k * x - mean) / sqrt(variance + epsilon) + beta  =  (scale k) * x + (beta - scale mean)

    Args:
        kernel: (height, width, channels of x, channels).
        normalisation: of the convolution's channels.
    """
    gamma, beta, mean, variance = (part.astype(np.float64) for part in normalisation)
    scale = gamma / np.sqrt(variance + EPSILON)
    return (kernel * scale).astype(np.float32), (beta - scale * mean).astype(np.float32)


def _constants(path: str) -> dict[str, Any]:
    """The constants of a graph by their names, as TensorFlow writes tensors down."""
    graph, content = tf.compat.v1.GraphDef(), weights_file.read(path)
    try:
        graph.ParseFromString(content)
    except Exception as error:  # of protobuf's own kind, which is no dependency of ours
        raise weights_file.unfit(path, "that is no TensorFlow graph") from error
    return {node.name: node.attr["value"].tensor for node in graph.node if node.op == "Const"}


def _take(constants: dict[str, Any], name: str, shape: tuple[int, ...], path: str) -> Array:
    """One constant, whose shape is looked at first: a few bytes can claim to be a giant tensor."""
    if name not in constants:
        raise weights_file.unfit(path, f"a graph without the constant {name}")
    constant = constants[name]
    came = tuple(axis.size for axis in constant.tensor_shape.dim)
    if came != shape or constant.dtype != tf.float32.as_datatype_enum:
        raise weights_file.unfit(path, f"a graph whose {name}, of shape {came}, is not float32 {shape}")
    try:
        return tf.make_ndarray(constant)
    except ValueError as error:
        raise weights_file.unfit(path, f"a graph whose {name} is cut short: {error}") from error
