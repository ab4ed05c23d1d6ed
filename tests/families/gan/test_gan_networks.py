from typing import get_args

import keras
import numpy as np
import pytest

from latentlab.families.gan.model.networks import (
    BLOCKS,
    Blocks,
    build_discriminator,
    build_generator,
    copy,
)
from tests import presets
from tests.tiny_learners import SHAPE, build_gan


def test_parameters_of_the_lecture() -> None:
    settings = presets.load("lecture").gan
    generator = build_generator(
        latent_dim=settings.latent_dim,
        filters=settings.generator_filters,
        batch_norm=settings.batch_norm,
        image_shape=(28, 28, 1),
        seed=0,
    )
    discriminator = build_discriminator(
        filters=settings.discriminator_filters,
        dropout=settings.dropout,
        activation="sigmoid",
        image_shape=(28, 28, 1),
        seed=0,
    )
    assert generator.count_params() == 1_164_289
    assert discriminator.count_params() == 40_705


def test_the_lecture_has_no_activation_between_upsampling_twice_and_batch_norm_brings_one() -> None:
    def names_of(batch_norm: bool) -> list[str]:
        model = build_generator(
            latent_dim=2, filters=(2, 2), batch_norm=batch_norm, image_shape=SHAPE, seed=0
        )
        return [layer.name for layer in model.layers]

    plain = ["dense", "dense_leaky", "reshape", "up_1", "conv_1", "up_2", "conv_2", "conv_2_leaky"]
    assert names_of(False) == [*plain, "conv_3", "image"]
    assert set(names_of(True)) - set(names_of(False)) == {
        "dense_norm",
        "conv_1_norm",
        "conv_1_leaky",
        "conv_2_norm",
    }


@pytest.mark.parametrize("blocks", BLOCKS)
def test_shapes_and_ranges(blocks: Blocks) -> None:
    shape = (8, 12, 3)
    generator = build_generator(
        latent_dim=5, filters=(2, 2), batch_norm=False, image_shape=shape, seed=0, blocks=blocks
    )
    discriminator = build_discriminator(
        filters=(2, 2), dropout=0.4, activation="sigmoid", image_shape=shape, seed=0, blocks=blocks
    )
    generated = np.asarray(generator(9 * np.random.default_rng(0).standard_normal((4, 5))))
    judged = np.asarray(discriminator(generated))
    assert generated.shape == (4, *shape)
    assert judged.shape == (4, 1)
    assert 0 <= generated.min() < generated.max() <= 1
    assert 0 < judged.min() < judged.max() < 1


@pytest.mark.parametrize(("blocks", "slope"), [("plain", 0.2), ("residual", 0.2), ("sngan", 0.1)])
def test_slopes_and_averages_are_those_of_the_papers(blocks: Blocks, slope: float) -> None:
    """Radford et al. 2016, section 3, and Miyato et al. 2018, table 3; averages over the last ten batches."""
    generator = build_generator(
        latent_dim=2, filters=(2, 2), batch_norm=True, image_shape=SHAPE, seed=0, blocks=blocks
    )
    discriminator = build_discriminator(
        filters=(2, 2), dropout=0.4, activation="linear", image_shape=SHAPE, seed=0, blocks=blocks
    )
    layers = [*generator.layers, *discriminator.layers]
    leaky = [float(layer.negative_slope) for layer in layers if isinstance(layer, keras.layers.LeakyReLU)]
    np.testing.assert_allclose(leaky, slope)
    assert leaky
    assert {layer.momentum for layer in layers if hasattr(layer, "momentum")} == {0.9}


def test_dropout_differs_from_layer_to_layer() -> None:
    for blocks in get_args(Blocks):
        network = build_discriminator(
            filters=(2, 2), dropout=0.4, activation="linear", image_shape=SHAPE, seed=0, blocks=blocks
        )
        states = [
            layer.seed_generator.state.numpy().tobytes()
            for layer in network.layers
            if "dropout" in layer.name
        ]
        assert len(set(states)) == len(states) >= 2


@pytest.mark.parametrize("blocks", BLOCKS)
@pytest.mark.parametrize(("side", "filters"), [(32, (8, 6, 4)), (64, (8, 6, 4, 3)), (256, (3, 3, 3, 3, 2))])
def test_networks_grow_with_the_image(blocks: Blocks, side: int, filters: tuple[int, ...]) -> None:
    shape = (side, side, 3)
    generator = build_generator(
        latent_dim=5, filters=filters, batch_norm=True, image_shape=shape, seed=0, blocks=blocks
    )
    discriminator = build_discriminator(
        filters=filters[::-1], dropout=0.0, activation="linear", image_shape=shape, seed=0, blocks=blocks
    )
    smallest = side // 2 ** len(filters)
    first = 2 * filters[0] if blocks == "sngan" else filters[0]
    assert generator.get_layer("reshape").output.shape[1:] == (smallest, smallest, first)
    assert discriminator.get_layer("flatten").input.shape[1:] == (smallest, smallest, filters[0])
    assert generator.output_shape == (None, *shape)
    assert discriminator.output_shape == (None, 1)


def test_the_discriminator_for_spectral_norm_sees_grey_as_nothing() -> None:
    """Around 0: with biases of 0, as all are before the training, nothing comes of a grey image."""
    model = build_discriminator(
        filters=(4, 6), dropout=0.0, activation="linear", image_shape=(8, 8, 3), seed=0, blocks="sngan"
    )
    grey, black, white = (np.asarray(model(np.full((1, 8, 8, 3), value))).item() for value in (0.5, 0, 1))
    assert grey == 0
    assert black != 0 != white


def test_the_discriminator_for_spectral_norm_halves_by_kernels_that_overlap() -> None:
    model = build_discriminator(
        filters=(4, 6), dropout=0.0, activation="linear", image_shape=(8, 8, 3), seed=0, blocks="sngan"
    )
    kernels = [layer.kernel.shape for layer in model.layers if hasattr(layer, "kernel_size")]
    assert kernels == [(4, 4, 3, 4), (4, 4, 4, 6), (3, 3, 6, 6)]
    assert model.get_layer("flatten").input.shape == (None, 2, 2, 6)


def test_kernels_differ_from_layer_to_layer() -> None:
    model = build_generator(
        latent_dim=4, filters=(4, 4), batch_norm=False, image_shape=SHAPE, seed=0, blocks="residual"
    )
    kernels = [layer.kernel.numpy() for layer in model.layers if getattr(layer, "kernel_size", 0) == (3, 3)]
    equal = [kernel for kernel in kernels if kernel.shape == (3, 3, 4, 4)]
    assert len(equal) == 4
    assert len({kernel.tobytes() for kernel in equal}) == 4


@pytest.mark.parametrize("image_shape", [(10, 8, 1), (8, 13, 1), (9, 9, 3)])
def test_sides_that_cannot_be_doubled_to_are_cropped(image_shape: tuple[int, int, int]) -> None:
    sizes = {"latent_dim": 2, "filters": (2, 2), "batch_norm": False, "seed": 0}
    generator = build_generator(image_shape=image_shape, **sizes)  # type: ignore[arg-type]
    assert generator.output_shape == (None, *image_shape)
    assert generator.layers[-2].name == "crop"
    height, width = (-(-side // 4) * 4 for side in image_shape[:2])
    whole = build_generator(image_shape=(height, width, image_shape[2]), **sizes)  # type: ignore[arg-type]
    assert "crop" not in {layer.name for layer in whole.layers}
    latents = np.random.default_rng(0).standard_normal((3, 2))
    expected = np.asarray(whole(latents))[:, : image_shape[0], : image_shape[1]]
    np.testing.assert_allclose(generator(latents), expected, atol=1e-6)
    build_discriminator(filters=(2, 2), dropout=0.4, activation="sigmoid", image_shape=image_shape, seed=0)(
        expected
    )


def test_a_copy_has_equal_weights_of_its_own() -> None:
    generator = build_gan().generator
    other = copy(generator)
    pairs = list(zip(generator.get_weights(), other.get_weights(), strict=True))
    assert all(np.array_equal(*pair) for pair in pairs)
    other.set_weights([weight + 1 for weight in other.get_weights()])
    assert not np.array_equal(generator.get_weights()[0], other.get_weights()[0])
    assert [layer.name for layer in other.layers] == [layer.name for layer in generator.layers]
