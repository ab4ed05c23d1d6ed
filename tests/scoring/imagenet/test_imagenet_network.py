"""The network has the published architecture, and computes what the PyTorch port does."""

import json
from pathlib import Path

import keras
import numpy as np
import pytest

from latentlab.scoring.imagenet import network
from scripts.imagenet_reference import EVERY, SIDES, make_image

RECORDED = json.loads(Path(__file__).with_name("reference.json").read_text())["features"]


def test_the_architecture_is_the_published_one() -> None:
    """The port has 4,652,008 parameters: with 1,000 classes, and with a scale of each channel besides."""
    model = network.build()
    scales = sum(layer.bias.shape[0] for layer in model.layers if layer.weights)
    classes = (network.NUM_FEATURES + 1) * 1000
    assert model.count_params() + scales + classes == 4_652_008
    assert model.output_shape == (None, network.NUM_FEATURES)
    convolutions = [layer for layer in model.layers if layer.weights]
    assert len(convolutions) == 1 + 2 + 15 * 3 + 1
    assert model.get_layer("blocks.3._depthwise_conv").kernel.shape == (5, 5, 144, 1)
    assert model.get_layer("blocks.15._project_conv").kernel.shape == (1, 1, 1152, 320)


def test_the_sides_are_halved_five_times() -> None:
    model = network.build()
    last = keras.Model(model.inputs[0], model.get_layer("conv_head").output)
    assert last(np.zeros((1, 64, 96, 3), np.float32)).shape == (1, 2, 3, network.NUM_FEATURES)


@pytest.mark.parametrize(("side", "recorded"), list(zip(SIDES, RECORDED, strict=True)))
def test_features_are_those_of_the_port(lite0: keras.Model, side: int, recorded: list[float]) -> None:
    """They were taken in double precision; at 72 another padding than the port's would be off by more."""
    pixels = make_image(side).astype(np.float32)
    [features] = lite0((pixels - 127) / 128, training=False).numpy()
    np.testing.assert_allclose(features[::EVERY], recorded, rtol=0, atol=1e-4)
    assert np.ptp(recorded) > 1
