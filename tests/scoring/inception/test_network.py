"""The network has the published architecture, and computes what torch-fidelity's does."""

import json
from pathlib import Path

import keras
import numpy as np
import pytest
from tqdm import tqdm

from latentlab.scoring.inception import extractor, network
from latentlab.scoring.inception.extractor import InceptionExtractor
from scripts.torch_fidelity_inception import EVERY, SCOPES, SHAPES, make_image

RECORDED = json.loads(Path(__file__).with_name("torch_fidelity.json").read_text())
SILENT = tqdm(disable=True)


@pytest.fixture(scope="module")
def random_extractor(random_network: keras.Model) -> InceptionExtractor:
    return InceptionExtractor(random_network)


def test_the_architecture_is_the_published_one() -> None:
    model = network.build()
    kernels = {layer.name: layer.kernel.shape for layer in model.layers if layer.weights}
    assert set(kernels) == {scope.replace("/", ".") for scope in SCOPES}
    # Keras counts as many in its own Inception v3 without the top and without what is not trained; its
    # offsets of batch normalisation are the biases here.
    assert model.count_params() == 21_768_352
    assert model.output_shape == (None, network.NUM_FEATURES)
    assert kernels["conv"] == (3, 3, 3, 32)
    assert kernels["mixed.tower.conv_1"] == (5, 5, 48, 64)
    assert kernels["mixed_4.tower.conv_1"] == (1, 7, 128, 128)
    assert kernels["mixed_8.tower_1.conv_3"] == (3, 3, 192, 192)
    assert kernels["mixed_10.tower_1.mixed.conv_1"] == (3, 1, 384, 384)
    sides = {name: model.get_layer(name).output.shape[1] for name in ("conv_1", "mixed.conv", "mixed_4.conv")}
    assert sides == {"conv_1": 147, "mixed.conv": 35, "mixed_4.conv": 17}
    assert model.get_layer("mixed_10.conv").output.shape[1] == 8


@pytest.mark.parametrize(("shape", "recorded"), list(zip(SHAPES, RECORDED["features"], strict=True)))
def test_features_are_those_of_torch_fidelity(
    random_extractor: InceptionExtractor, shape: tuple[int, int, int], recorded: list[float]
) -> None:
    """They were taken in double precision."""
    [features] = random_extractor.extract(make_image(shape), SILENT)
    np.testing.assert_allclose(features[::EVERY], recorded, rtol=1e-4, atol=1e-4)
    assert np.ptp(recorded) > 1


def test_images_are_seen_one_by_one_and_the_same_each_time(
    random_extractor: InceptionExtractor, monkeypatch: pytest.MonkeyPatch
) -> None:
    images = np.concatenate([make_image((28, 28, 1)), 255 - make_image((28, 28, 1)), make_image((28, 28, 1))])
    monkeypatch.setattr(extractor, "BATCH_SIZE", 2)
    with tqdm(disable=True) as bar:
        features = random_extractor.extract(images, bar)
    assert features.shape == (3, network.NUM_FEATURES)
    assert features.dtype == np.float32
    assert np.isfinite(features).all()
    np.testing.assert_array_equal(random_extractor.extract(images, SILENT), features)
    np.testing.assert_allclose(features[2], features[0], rtol=1e-4, atol=1e-4)
    assert np.abs(features[1] - features[0]).max() > 0.1
