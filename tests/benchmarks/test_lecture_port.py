"""The port of the slides is the same two systems as ours, and trains them."""

from collections.abc import Iterator
from typing import Any

import keras
import numpy as np
import numpy.typing as npt
import pytest

from benchmarks import lecture, ours
from latentlab.learning import layers
from tests import presets

Weights = list[npt.NDArray[np.float32]]


@pytest.fixture(autouse=True)
def uncompiled(eagerly: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is compiled for a step or two."""
    monkeypatch.setattr(layers, "FEWEST_CHANNELS", 10**6)


@pytest.fixture
def images() -> npt.NDArray[np.float32]:
    return np.random.default_rng(0).random((16, 28, 28, 1), dtype=np.float32)


def weights(model: keras.Model) -> Weights:
    return [weight.numpy() for weight in model.trainable_variables]


def moved(before: Weights, after: Weights) -> bool:
    return all((old != new).any() for old, new in zip(before, after, strict=True))


def stayed(before: Weights, after: Weights) -> bool:
    return all((old == new).all() for old, new in zip(before, after, strict=True))


def test_the_networks_have_the_sizes_of_ours() -> None:
    settings = presets.load("lecture")
    vae, gan = ours.build_vae(settings.vae), ours.build_gan(settings.gan)
    pairs: list[tuple[Any, Any]] = [
        (lecture.build_encoder(), vae.encoder),
        (lecture.build_decoder(), vae.decoder),
        (lecture.build_generator(), gan.generator),
        (lecture.build_discriminator(), gan.discriminator),
    ]
    for theirs, mine in pairs:
        assert [weight.shape for weight in theirs.weights] == [weight.shape for weight in mine.weights]


def test_equal_weights_give_equal_images() -> None:
    settings = presets.load("lecture")
    mine, theirs = ours.build_gan(settings.gan).generator, lecture.build_generator()
    theirs.set_weights(mine.get_weights())
    latents = np.random.default_rng(0).standard_normal((3, 100), dtype=np.float32)
    np.testing.assert_allclose(mine(latents), theirs(latents), atol=1e-6)


def test_each_step_of_the_gan_changes_its_own_network(images: npt.NDArray[np.float32]) -> None:
    """What the slides' freezing no longer does in Keras 3: the discriminator learns."""
    training = lecture.GanTraining(images, batch_size=4)
    for step, changed, kept in (
        (training.train_discriminator, training.discriminator, training.generator),
        (training.train_generator, training.generator, training.discriminator),
        (training.train_discriminator, training.discriminator, training.generator),
    ):
        training.discriminator.trainable = True
        before = weights(changed), weights(kept)
        step()
        training.discriminator.trainable = True
        assert moved(before[0], weights(changed))
        assert stayed(before[1], weights(kept))


def test_the_vae_learns_with_all_its_weights(images: npt.NDArray[np.float32]) -> None:
    training = lecture.VaeTraining(images, batch_size=8)
    before = weights(training.encoder)[0], weights(training.decoder)[-1]
    assert training.train(2) > 0
    assert (before[0] != weights(training.encoder)[0]).any()
    assert (before[1] != weights(training.decoder)[-1]).any()


@pytest.fixture
def in_bfloat16() -> Iterator[None]:
    keras.config.set_dtype_policy(lecture.POLICIES["bfloat16"])
    yield
    keras.config.set_dtype_policy(lecture.POLICIES["float32"])


@pytest.mark.usefixtures("in_bfloat16")
def test_the_slides_train_in_bfloat16_as_well(images: npt.NDArray[np.float32]) -> None:
    gan, vae = lecture.GanTraining(images, batch_size=4), lecture.VaeTraining(images, batch_size=8)
    before = weights(gan.generator)
    assert gan.train(1) > 0
    assert vae.train(1) > 0
    assert moved(before, weights(gan.generator))
    networks = [gan.generator, gan.discriminator, vae.encoder, vae.decoder]
    assert {network.compute_dtype for network in networks} == {"bfloat16"}
    assert {weight.dtype for network in networks for weight in network.trainable_variables} == {"float32"}
