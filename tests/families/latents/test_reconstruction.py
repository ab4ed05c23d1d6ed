import keras
import numpy as np
import pytest

from latentlab.families.latents.reconstruction import reconstruct, reconstruction_nats, representatives
from latentlab.scoring.metrics.likelihood import bernoulli_nats, of_pixels
from latentlab.trained import inference


@pytest.fixture
def decoder() -> keras.Model:
    """Makes two pixels of each latent: z itself."""
    z = keras.layers.Input((2,))
    return keras.Model(z, keras.layers.Reshape((1, 2, 1))(z))


def test_nats_by_hand(decoder: keras.Model) -> None:
    images = np.array([255, 0, 0, 0], np.uint8).reshape(2, 1, 2, 1)
    latents = np.array([[0.5, 0.5], [0.25, 0.5]], np.float32)
    expected = [2 * np.log(2), -np.log(0.75 * 0.5)]
    assert reconstruction_nats(decoder, images, latents, bernoulli_nats) == pytest.approx(expected)
    constants = 2 * np.log(0.3 * np.sqrt(2 * np.pi))
    expected = [(s / 0.3**2 / 2 + constants) for s in (0.25 + 0.25, 0.25**2 + 0.25)]
    assert reconstruction_nats(decoder, images, latents, of_pixels(0.3)) == pytest.approx(expected)


def test_batches_give_what_all_images_at_once_give(
    decoder: keras.Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (7, 1, 2, 1), dtype=np.uint8)
    latents = rng.random((7, 2), dtype=np.float32)
    whole = reconstruction_nats(decoder, images, latents, bernoulli_nats)
    monkeypatch.setattr(inference, "BATCH_SIZE", 3)
    np.testing.assert_array_equal(reconstruction_nats(decoder, images, latents, bernoulli_nats), whole)


def test_reconstructions_stand_below_their_images(decoder: keras.Model) -> None:
    images = np.arange(4, dtype=np.uint8).reshape(2, 1, 2, 1)
    latents = np.array([[0.0, 1.0], [0.5, 0.2]], np.float32)
    pairs = reconstruct(decoder, images, latents)
    assert pairs.dtype == np.uint8
    np.testing.assert_array_equal(pairs[0], images)
    assert pairs[1].reshape(2, 2).tolist() == [[0, 255], [128, 51]]


def test_representatives_are_the_first_of_each_class() -> None:
    labels = np.array([2, 0, 1, 1, 2, 0, 0, 1, 2], np.uint8)
    assert representatives(labels, 6).tolist() == [1, 5, 2, 3, 0, 4]
    assert representatives(labels, 7).tolist() == [1, 5, 2, 3, 0, 4]
    assert representatives(labels, 2).tolist() == [1, 2]
