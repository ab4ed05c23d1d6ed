"""Each convolution of the network has the published kernel, with its normalisation folded in."""

import keras
import numpy as np
import pytest

from latentlab.scoring.imagenet import torch_file, weights_file
from latentlab.scoring.imagenet.torch_file import Array


@pytest.fixture(scope="module")
def tensors() -> dict[str, Array]:
    return torch_file.read(weights_file.read(weights_file.path()))


@pytest.mark.parametrize(
    ("layer", "normalisation", "axes"),
    [
        ("conv_stem", "_bn0", (2, 3, 1, 0)),
        ("blocks.1._expand_conv", "_blocks.1._bn0", (2, 3, 1, 0)),
        ("blocks.3._depthwise_conv", "_blocks.3._bn1", (2, 3, 0, 1)),
        ("blocks.15._project_conv", "_blocks.15._bn2", (2, 3, 1, 0)),
        ("conv_head", "_bn1", (2, 3, 1, 0)),
    ],
)
def test_a_layer_has_its_kernel_and_normalisation(
    lite0: keras.Model,
    tensors: dict[str, Array],
    layer: str,
    normalisation: str,
    axes: tuple[int, ...],
) -> None:
    names = ("weight", "bias", "running_mean", "running_var")
    gamma, beta, mean, variance = (tensors[f"{normalisation}.{name}"] for name in names)
    scale = gamma / np.sqrt(variance + 0.001)
    kernel, bias = lite0.get_layer(layer).get_weights()
    expected = (tensors[f"_{layer}.weight"] * scale[:, None, None, None]).transpose(axes)
    np.testing.assert_allclose(kernel, expected, rtol=1e-5, atol=1e-7)
    np.testing.assert_allclose(bias, beta - mean * scale, rtol=1e-4, atol=1e-5)
