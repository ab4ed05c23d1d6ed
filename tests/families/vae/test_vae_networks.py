import hashlib
import math
from collections.abc import Sequence

import keras
import numpy as np
import pytest

from latentlab.families.vae.model.networks import Architecture, build_decoder, build_encoder
from tests import presets
from tests.plain_keras import assert_equals_keras, randomised
from tests.plain_keras import images as pixels


def architecture(**changes: object) -> Architecture:
    sizes = {"latent_dim": 3, "filters": (2, 4), "dense_units": 5, "image_shape": (8, 12, 1)}
    return Architecture(**(sizes | changes))  # type: ignore[arg-type]


def trainable(model: keras.Model) -> int:
    return sum(math.prod(weight.shape) for weight in model.trainable_weights)


def test_parameters_of_the_lecture() -> None:
    settings = presets.load("lecture").vae
    shape = Architecture(settings.latent_dim, settings.filters, settings.dense_units, (28, 28, 1))
    encoder, decoder = build_encoder(shape, 0), build_decoder(shape, 0)
    assert (encoder.count_params(), trainable(encoder)) == (17_036, 16_908)
    assert (decoder.count_params(), trainable(decoder)) == (20_089, 19_961)


@pytest.mark.parametrize(
    ("changes", "digest"),
    [
        (
            {"latent_dim": 2, "filters": (8, 16), "dense_units": 16, "image_shape": (28, 28, 1)},
            "a5dc5ea3c63506d6",
        ),
        (
            {"filters": (4, 8), "dense_units": 6, "image_shape": (9, 14, 3), "num_classes": 2},
            "e864569e9a8b9976",
        ),
    ],
)
def test_plain_networks_are_what_they_were_when_there_was_nothing_else(
    changes: dict[str, object], digest: str
) -> None:
    """Weights to the byte, by those of commit 3ed9ea5; the first is the lecture's."""
    shape, found = architecture(**changes), hashlib.sha256()
    for model in (build_encoder(shape, 1), build_decoder(shape, 2)):
        for weight in model.weights:
            found.update(f"{weight.path} {weight.shape}".encode())
            found.update(weight.numpy().tobytes())
    assert found.hexdigest()[:16] == digest


@pytest.mark.parametrize("num_classes", [0, 2])
@pytest.mark.parametrize("sides", [(8, 8), (9, 7)])
def test_training_computes_residual_networks_as_keras_does(sides: Sequence[int], num_classes: int) -> None:
    """Outputs, gradients and moving averages, of networks that have other ways than from layer to layer."""
    shape = architecture(image_shape=(*sides, 1), blocks="residual", num_classes=num_classes)
    told = [np.eye(2, dtype=np.float32)[[0, 1, 0]]] if num_classes else []
    assert_equals_keras(randomised(build_encoder(shape, 0)), pixels(3, *sides, 1), *told, cancels=True)
    assert_equals_keras(randomised(build_decoder(shape, 0)), pixels(3, 3), *told, cancels=True)


@pytest.mark.parametrize("side", [8, 13, 28, 64, 256])
def test_blocks_of_both_kinds_reach_maps_of_4_to_8_pixels(side: int) -> None:
    filters = (2,) * max(1, math.ceil(math.log2(side / 8)))
    for blocks in ("plain", "residual"):
        shape = architecture(filters=filters, image_shape=(side, side, 3), blocks=blocks)
        encoder, decoder = build_encoder(shape, 0), build_decoder(shape, 0)
        *_, inner, _ = encoder.get_layer("flatten").input.shape
        assert 4 <= inner <= 8
        assert decoder.get_layer("reshape").output.shape[1:] == (inner, inner, 2)
        assert decoder.output_shape == (None, side, side, 3)


@pytest.mark.parametrize("blocks", ["plain", "residual"])
def test_shapes_and_ranges(blocks: str) -> None:
    shape = architecture(image_shape=(8, 12, 3), blocks=blocks)
    z_mean, z_log_var = build_encoder(shape, 0)(np.random.default_rng(0).random((2, 8, 12, 3)))
    assert z_mean.shape == z_log_var.shape == (2, 3)
    decoded = np.asarray(build_decoder(shape, 0)(30 * np.random.default_rng(0).standard_normal((2, 3))))
    assert decoded.shape == (2, 8, 12, 3)
    assert decoded.dtype == np.float32
    assert 0 <= decoded.min() < decoded.max() <= 1


@pytest.mark.parametrize("blocks", ["plain", "residual"])
def test_seed_decides_the_initial_weights(blocks: str) -> None:
    shape = architecture(blocks=blocks)
    first, same, other = (build_encoder(shape, seed).get_weights() for seed in (1, 1, 2))
    assert all(np.array_equal(*pair) for pair in zip(first, same, strict=True))
    assert not np.array_equal(first[0], other[0])


@pytest.mark.parametrize("image_shape", [(10, 8, 1), (9, 7, 1), (28, 30, 3)])
def test_sides_that_cannot_be_halved_are_cropped_by_the_decoder(image_shape: tuple[int, int, int]) -> None:
    shape = architecture(image_shape=image_shape)
    decoder = build_decoder(shape, 0)
    assert decoder.output_shape == (None, *image_shape)
    assert decoder.layers[-2].name == "crop"
    whole = architecture(
        image_shape=(-(-image_shape[0] // 4) * 4, -(-image_shape[1] // 4) * 4, image_shape[2])
    )
    latents = np.random.default_rng(0).standard_normal((2, 3))
    expected = np.asarray(build_decoder(whole, 0)(latents))[:, : image_shape[0], : image_shape[1]]
    np.testing.assert_allclose(decoder(latents), expected, atol=1e-6)


def test_the_encoder_sees_the_last_row_and_column_of_odd_sides() -> None:
    shape = architecture(image_shape=(9, 7, 1), filters=(8, 8), dense_units=20)
    images = np.full((2, 9, 7, 1), 0.5, np.float32)
    images[1, -1, -1] = 1
    z_mean, _ = build_encoder(shape, 0)(images)
    assert not np.array_equal(z_mean[0], z_mean[1])


def test_sides_that_can_be_halved_are_pooled_and_made_as_ever() -> None:
    shape = architecture(image_shape=(8, 12, 3))
    pools = [layer for layer in build_encoder(shape, 0).layers if "pool" in layer.name]
    assert [pool.padding for pool in pools] == ["valid", "valid"]
    assert "crop" not in {layer.name for layer in build_decoder(shape, 0).layers}
