"""Images reach the network whatever their sides and channels, and come back as features of one norm."""

import json
from pathlib import Path

import keras
import numpy as np
import numpy.typing as npt
import pytest

from latentlab.core.arrays import Images
from latentlab.scoring.imagenet import extractor
from latentlab.scoring.imagenet.extractor import Extractor, prepare
from latentlab.scoring.metrics.kernel import mean_within
from scripts.imagenet_reference import EVERY, SIDES, make_image


@pytest.fixture(scope="module")
def lite0_extractor(lite0: keras.Model) -> Extractor:
    return Extractor(lite0)


def row(*pixels: int) -> Images:
    """An image one pixel high, uint8 (1, 1, width, 1)."""
    return np.array(pixels, np.uint8).reshape(1, 1, -1, 1)


def seen(images: Images) -> npt.NDArray[np.float32]:
    """What of the first image's first line the network sees, in pixels from 0 to 255: (64,)."""
    return prepare(images).numpy()[0, 0, :, 0] * 128 + 127


@pytest.mark.parametrize("side", [8, 28, 64, 100, 256])
@pytest.mark.parametrize(("value", "expected"), [(0, -0.9921875), (127, 0.0), (255, 1.0)])
def test_the_range_by_hand(side: int, value: int, expected: float) -> None:
    prepared = prepare(np.full((2, side, side, 1), value, np.uint8)).numpy()
    assert prepared.shape == (2, 64, 64, 3)
    np.testing.assert_allclose(prepared, expected, atol=1e-6)


def test_images_of_the_right_size_stay() -> None:
    image = make_image(64)
    np.testing.assert_array_equal(prepare(image), (image.astype(np.float32) - 127) / 128)


def test_making_larger_by_hand() -> None:
    """Two pixels, 0 and 200, become 64: their centres are at 16 and at 48."""
    expected = 200 * np.clip((np.arange(64) + 0.5 - 16) / 32, 0, 1)
    np.testing.assert_allclose(seen(row(0, 200)), expected, atol=1e-3)


def test_making_smaller_by_hand() -> None:
    """At half the size the pixels within 2 count: 1, 3, 3 and 1 eighths of them."""
    pixels = np.zeros(128, np.uint8)
    pixels[40] = 240
    expected = np.zeros(64)
    expected[[19, 20]] = [30, 90]
    np.testing.assert_allclose(seen(row(*pixels)), expected, atol=1e-3)


def test_grey_is_repeated_and_colours_stay() -> None:
    grey = np.arange(64, dtype=np.uint8).reshape(1, 8, 8, 1)
    prepared = prepare(np.concatenate([grey, 2 * grey, 3 * grey], axis=-1)).numpy()
    for channel in range(3):
        np.testing.assert_array_equal(prepare((channel + 1) * grey).numpy()[..., 0], prepared[..., channel])
        np.testing.assert_array_equal(prepare(grey).numpy()[..., channel], prepared[..., 0])


def test_features_are_those_of_the_port_but_for_the_norm(lite0_extractor: Extractor) -> None:
    recorded = json.loads(Path(__file__).with_name("reference.json").read_text())["features"]
    expected = np.array(recorded[SIDES.index(64)])
    [features] = lite0_extractor.extract(make_image(64))
    scale = np.linalg.norm(features[::EVERY]) / np.linalg.norm(expected)
    np.testing.assert_allclose(features[::EVERY], scale * expected, atol=1e-4)


def test_the_kernel_of_an_image_with_itself_is_eight(lite0_extractor: Extractor) -> None:
    """(1 + 1)^3: the two parts of the kernel are alike."""
    features = lite0_extractor.extract(np.repeat(make_image(64), 2, axis=0))
    np.testing.assert_allclose(np.linalg.norm(features, axis=1), np.sqrt(1280), rtol=1e-6)
    np.testing.assert_allclose(mean_within(features, np.ones((1, 2), bool)), 8, rtol=1e-5)


def test_images_are_seen_one_by_one_and_the_same_each_time(
    lite0_extractor: Extractor, monkeypatch: pytest.MonkeyPatch
) -> None:
    images = np.concatenate([make_image(32), 255 - make_image(32), make_image(32)])
    monkeypatch.setattr(extractor, "BATCH_SIZE", 2)
    features = lite0_extractor.extract(images)
    assert features.shape == (3, 1280)
    assert features.dtype == np.float32
    np.testing.assert_array_equal(lite0_extractor.extract(images), features)
    np.testing.assert_allclose(features[2], features[0], atol=1e-3)
    assert np.abs(features[1] - features[0]).max() > 1
    assert lite0_extractor.extract(images[:0]).shape == (0, 1280)


def test_what_looks_alike_is_near(lite0_extractor: Extractor) -> None:
    """A picture is nearer to itself in less contrast than to another one."""
    image, other = make_image(64), make_image(72)[:, 8:, 8:]
    features = lite0_extractor.extract(np.concatenate([image, 16 + image // 8 * 7, other]))
    paler, another = features[1:] @ features[0] / 1280
    assert paler > another + 0.01


@pytest.mark.parametrize(
    "images",
    [
        np.zeros((2, 8, 8), np.uint8),
        np.zeros((2, 8, 8, 2), np.uint8),
        np.zeros((2, 8, 8, 3), np.float32),
    ],
)
def test_other_arrays_are_refused(lite0_extractor: Extractor, images: npt.NDArray[np.uint8]) -> None:
    with pytest.raises(ValueError, match=r"expected uint8 images \(n, height, width, 1 or 3 .*got .*\(2, 8"):
        lite0_extractor.extract(images)
