"""A file like the published one, with random weights, and the network that is read from it."""

from pathlib import Path
from typing import Any

import keras
import numpy.typing as npt
import pytest
import tensorflow as tf

from latentlab.scoring.inception import network, weights, weights_file
from scripts.torch_fidelity_inception import SCOPES, make_weights


def add_constant(graph: Any, name: str, value: npt.NDArray[Any]) -> None:
    """Write a constant into a graph."""
    node = graph.node.add(name=name, op="Const")
    node.attr["value"].tensor.CopyFrom(tf.make_tensor_proto(value))


def random_graph() -> Any:
    """The weights of scripts/torch_fidelity_inception.py, by the names of the published graph."""
    graph = tf.compat.v1.GraphDef()
    shapes = {part.name: part.kernel.shape for part in network.build().layers if part.weights}
    for scope in SCOPES:
        kernel, *normalisation = make_weights(scope, shapes[scope.replace("/", ".")])
        add_constant(graph, f"{scope}/conv2d_params", kernel)
        for name, value in zip(weights.Normalisation._fields, normalisation, strict=True):
            add_constant(graph, f"{scope}/batchnorm/{name}", value)
    return graph


@pytest.fixture(scope="session")
def graph_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """87 MB, so it is written once."""
    path = tmp_path_factory.mktemp("inception") / weights_file.NAME
    path.write_bytes(random_graph().SerializeToString())
    return path


@pytest.fixture(scope="session")
def random_network(graph_path: Path) -> keras.Model:
    return weights.load(str(graph_path))
