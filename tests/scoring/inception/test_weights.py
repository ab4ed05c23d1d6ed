"""Weights come from the file as they are there, or it is refused in words that help."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

from latentlab.core.errors import EvaluationError
from latentlab.scoring.inception import weights
from latentlab.scoring.inception.weights import Normalisation, fold
from scripts.torch_fidelity_inception import make_weights
from tests.scoring.inception.conftest import add_constant

Graph = Any  # tf.compat.v1.GraphDef, of which mypy knows nothing


def test_a_convolution_normalises_its_outputs_by_hand() -> None:
    """Channel 0: scale 3 / sqrt(0.249 + 0.001) = 6, bias 1 - 6 * 0.5 = -2; channel 1 almost stays."""
    kernel = np.array([[[[2, 1]]]], np.float32)
    parts = ([3, 1], [1, 0], [0.5, 0], [0.249, 1])
    folded, bias = fold(kernel, Normalisation(*(np.array(part, np.float32) for part in parts)))
    np.testing.assert_allclose(folded, [[[[12, 1 / np.sqrt(1.001)]]]], rtol=1e-6)
    np.testing.assert_allclose(bias, [-2, 0], rtol=1e-6)
    assert folded.dtype == bias.dtype == np.float32


def test_a_layer_is_a_convolution_and_a_batch_normalisation(random_network: keras.Model) -> None:
    layer = random_network.get_layer("mixed_4.tower_2.conv")
    kernel, *normalisation = make_weights("mixed_4/tower_2/conv", layer.kernel.shape)
    convolution = keras.layers.Conv2D(192, 1, use_bias=False)
    normalise = keras.layers.BatchNormalization(epsilon=weights.EPSILON)
    plain = keras.Sequential([keras.Input((4, 4, 768)), convolution, normalise, keras.layers.ReLU()])
    convolution.set_weights([kernel])
    normalise.set_weights(normalisation)
    x = np.random.default_rng(0).random((1, 4, 4, 768), np.float32)
    np.testing.assert_allclose(layer(x), plain(x, training=False), rtol=1e-4, atol=1e-4)


def refusal(path: Path) -> str:
    with pytest.raises(EvaluationError) as caught:
        weights.load(str(path))
    message = str(caught.value)
    assert message.startswith(
        "evaluate.inception_weights: expected classify_image_graph_def.pb of the archive"
    )
    assert str(path) in message
    assert "set it to null" in message
    return message


def written(path: Path, graph: Graph) -> Path:
    path.write_bytes(graph.SerializeToString())
    return path


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    assert "No such file" in refusal(tmp_path / "nothing.pb")
    assert "Is a directory" in refusal(tmp_path)


def test_what_is_no_graph_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "text.pb"
    path.write_text("a text")
    assert "that is no TensorFlow graph" in refusal(path)


def test_another_graph_is_refused(tmp_path: Path) -> None:
    """Also one whose node is not a constant: that would have to be run."""
    graph = tf.compat.v1.GraphDef()
    graph.node.add(name="conv/conv2d_params", op="ReadFile")
    assert "a graph without the constant conv/conv2d_params" in refusal(written(tmp_path / "a.pb", graph))
    (tmp_path / "empty.pb").write_bytes(b"")
    assert "a graph without the constant conv/conv2d_params" in refusal(tmp_path / "empty.pb")


def claim_a_giant(graph: Graph) -> None:
    """Forty bytes that stand for 4 EB."""
    add_constant(graph, "conv/conv2d_params", np.zeros(1, np.float32))
    graph.node[0].attr["value"].tensor.tensor_shape.dim[0].size = 2**60


def give_doubles(graph: Graph) -> None:
    add_constant(graph, "conv/conv2d_params", np.zeros((3, 3, 3, 32)))


def cut_short(graph: Graph) -> None:
    add_constant(graph, "conv/conv2d_params", np.ones((3, 3, 3, 32), np.float32))
    tensor = graph.node[0].attr["value"].tensor
    tensor.tensor_content = tensor.tensor_content[:-4] + b"x"


def leave_the_rest_out(graph: Graph) -> None:
    add_constant(graph, "conv/conv2d_params", np.ones((3, 3, 3, 32), np.float32))


@pytest.mark.parametrize(
    ("fill", "came"),
    [
        (
            claim_a_giant,
            "conv/conv2d_params, of shape (1152921504606846976,), is not float32 (3, 3, 3, 32)",
        ),
        (give_doubles, "conv/conv2d_params, of shape (3, 3, 3, 32), is not float32 (3, 3, 3, 32)"),
        (cut_short, "conv/conv2d_params is cut short"),
        (leave_the_rest_out, "a graph without the constant conv/batchnorm/gamma"),
    ],
)
def test_a_wrong_constant_is_refused(tmp_path: Path, fill: Callable[[Graph], None], came: str) -> None:
    graph = tf.compat.v1.GraphDef()
    fill(graph)
    assert came in refusal(written(tmp_path / "wrong.pb", graph))
