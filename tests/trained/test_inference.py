import keras
import numpy as np
import numpy.typing as npt
import pytest

from latentlab.trained import inference
from tests.tiny_learners import build_gan, build_vae, images


def test_pixels_by_hand() -> None:
    floats = inference.to_float(np.array([0, 51, 255], np.uint8))
    assert floats.dtype == np.float32
    np.testing.assert_allclose(floats, [0, 0.2, 1])
    rounded = inference.to_uint8(np.array([0, 0.4 / 255, 0.6 / 255, 0.999, 1], np.float32))
    assert rounded.dtype == np.uint8
    assert rounded.tolist() == [0, 0, 1, 255, 255]


def test_every_pixel_survives_the_way_there_and_back() -> None:
    pixels = np.arange(256, dtype=np.uint8)
    assert np.array_equal(inference.to_uint8(inference.to_float(pixels)), pixels)


def test_latents_are_normal_and_their_seed_decides_them() -> None:
    latents = inference.draw_latents(50_000, 3, seed=1)
    assert latents.shape == (50_000, 3)
    assert latents.dtype == np.float32
    np.testing.assert_allclose(latents.mean(axis=0), 0, atol=0.03)
    np.testing.assert_allclose(np.cov(latents.T), np.eye(3), atol=0.03)
    assert np.array_equal(inference.draw_latents(50_000, 3, seed=1), latents)
    assert not np.array_equal(inference.draw_latents(50_000, 3, seed=2), latents)


def test_images_of_latents_are_those_of_the_model_in_inference_mode(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inference, "BATCH_SIZE", 4)
    generator = build_gan(batch_norm=True).generator
    latents = inference.draw_latents(10, 3, seed=1)
    generated = inference.generate(generator, latents)
    assert generated.shape == (10, 8, 8, 1)
    assert generated.dtype == np.uint8
    expected = 255 * np.asarray(generator(latents, training=False))
    np.testing.assert_allclose(generated, expected, atol=0.51)


def test_floats_of_one_batch_are_held_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inference, "BATCH_SIZE", 4)
    sizes: list[int] = []
    rounded = inference.to_uint8

    def noted(floats: npt.NDArray[np.float32]) -> npt.NDArray[np.uint8]:
        sizes.append(len(floats))
        return rounded(floats)

    monkeypatch.setattr(inference, "to_uint8", noted)
    inference.generate(build_gan().generator, inference.draw_latents(10, 3, seed=1))
    assert sizes == [4, 4, 2]


def test_a_model_of_several_outputs_gives_a_list() -> None:
    encoder = build_vae().encoder
    means, log_vars = inference.predict(encoder, images(5))
    assert means.shape == log_vars.shape == (5, 2)
    np.testing.assert_allclose(means, encoder(images(5) / np.float32(255))[0], atol=1e-5)


def test_a_model_sees_pixels_between_0_and_1() -> None:
    identity = keras.Sequential([keras.layers.Input((8, 8, 1)), keras.layers.Flatten()])
    seen = inference.predict(identity, np.full((2, 8, 8, 1), 51, np.uint8))
    np.testing.assert_allclose(seen, 0.2)
