import numpy as np
import pytest

from latentlab.families.gan.model.networks import build_discriminator, build_generator, copy
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
        model = build_generator(latent_dim=2, filters=2, batch_norm=batch_norm, image_shape=SHAPE, seed=0)
        return [layer.name for layer in model.layers]

    plain = ["dense", "dense_leaky", "reshape", "up_1", "conv_1", "up_2", "conv_2", "conv_2_leaky"]
    assert names_of(False) == [*plain, "conv_3", "image"]
    assert set(names_of(True)) - set(names_of(False)) == {
        "dense_norm",
        "conv_1_norm",
        "conv_1_leaky",
        "conv_2_norm",
    }


def test_shapes_and_ranges() -> None:
    shape = (8, 12, 3)
    generator = build_generator(latent_dim=5, filters=2, batch_norm=False, image_shape=shape, seed=0)
    discriminator = build_discriminator(
        filters=2, dropout=0.4, activation="sigmoid", image_shape=shape, seed=0
    )
    generated = np.asarray(generator(9 * np.random.default_rng(0).standard_normal((4, 5))))
    judged = np.asarray(discriminator(generated))
    assert generated.shape == (4, *shape)
    assert judged.shape == (4, 1)
    assert 0 <= generated.min() < generated.max() <= 1
    assert 0 < judged.min() < judged.max() < 1


@pytest.mark.parametrize("image_shape", [(10, 8, 1), (8, 13, 1), (9, 9, 3)])
def test_sides_that_cannot_be_doubled_to_are_cropped(image_shape: tuple[int, int, int]) -> None:
    sizes = {"latent_dim": 2, "filters": 2, "batch_norm": False, "seed": 0}
    generator = build_generator(image_shape=image_shape, **sizes)  # type: ignore[arg-type]
    assert generator.output_shape == (None, *image_shape)
    assert generator.layers[-2].name == "crop"
    height, width = (-(-side // 4) * 4 for side in image_shape[:2])
    whole = build_generator(image_shape=(height, width, image_shape[2]), **sizes)  # type: ignore[arg-type]
    assert "crop" not in {layer.name for layer in whole.layers}
    latents = np.random.default_rng(0).standard_normal((3, 2))
    expected = np.asarray(whole(latents))[:, : image_shape[0], : image_shape[1]]
    np.testing.assert_allclose(generator(latents), expected, atol=1e-6)
    build_discriminator(filters=2, dropout=0.4, activation="sigmoid", image_shape=image_shape, seed=0)(
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
