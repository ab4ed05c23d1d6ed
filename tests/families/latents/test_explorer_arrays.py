from typing import Any

import numpy as np
import pytest

from latentlab.families.latents import budget, explorer_arrays, planes
from latentlab.families.latents.planes import Plane, shown_plane
from latentlab.trained import inference
from tests.tiny_learners import SHAPE, build_gan, build_vae

IDENTITY = Plane(np.zeros(2), np.eye(2))


class Ramp:
    """A decoder of one pixel: a power of the first latent."""

    output_shape = (None, 1, 1, 1)

    def __init__(self, power: int) -> None:
        self.power = power

    def __call__(self, latents: Any, training: bool) -> Any:
        return np.reshape(latents[:, :1] ** self.power, (-1, 1, 1, 1))


def test_region_is_square_and_half_as_large_again() -> None:
    """Sides of 4 and 2 around (1, 5): half the larger, 2, times 1.5 is 3."""
    axes = explorer_arrays.region(np.array([[-1, 4], [3, 6]], np.float32), 7)
    assert axes.dtype == np.float32
    assert axes.tolist() == [[-2, -1, 0, 1, 2, 3, 4], [2, 3, 4, 5, 6, 7, 8]]


def test_region_of_a_collapse_is_as_wide_as_the_prior() -> None:
    axes = explorer_arrays.region(np.full((5, 2), 0.25, np.float32), 3)
    assert axes.tolist() == [[-1.25, 0.25, 1.75]] * 2


def test_blending_is_exact_on_a_ramp_and_off_on_a_parabola() -> None:
    """Between 0 and 0.8 the mean of 0.64 and 0 is 0.32, but 0.4 ** 2 is 0.16: 0.16 * 255 = 40.8 levels."""
    axes = np.array([[0, 0.8], [0, 0.8]], np.float32)

    def error(power: int) -> float:
        images = planes.manifold(Ramp(power), IDENTITY, axes)
        [[found]] = explorer_arrays.blending_errors(Ramp(power), IDENTITY, axes, images)
        return float(found)

    assert error(1) == pytest.approx(0, abs=0.5)
    assert error(2) == pytest.approx(40.8, abs=0.5)


def test_over_plane_names_what_is_decoded_at_the_grid(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budget, "MOST_VALUES", 5 * 5 * np.prod(SHAPE))
    decoder = build_vae().decoder
    points = np.random.default_rng(0).standard_normal((20, 2)).astype(np.float32)
    arrays = explorer_arrays.over_plane(decoder, shown_plane(points), points)
    images, axes = arrays["explorer_images"], arrays["explorer_axes"]
    assert images.shape == (5, 5, *SHAPE)
    assert axes.shape == (2, 5)
    place = np.array([[axes[0, 1], axes[1, 3]]])
    assert np.array_equal(images[3, 1], inference.generate(decoder, place)[0])
    assert arrays["explorer_errors"].shape == (2, 2)


def test_walks_join_every_two_samples() -> None:
    generator = build_gan().generator
    walks = explorer_arrays.walks(generator, seed=3)
    assert walks.shape == (28, 25, *SHAPE)
    assert walks.dtype == np.uint8
    samples = inference.generate(generator, inference.draw_latents(8, 3, seed=3))
    # The pair after the seven of the first sample is the second and the third.
    np.testing.assert_allclose(walks[7, 0].astype(int), samples[1], atol=1)
    np.testing.assert_allclose(walks[7, -1].astype(int), samples[2], atol=1)
    assert np.array_equal(explorer_arrays.walks(generator, seed=3), walks)


def test_walks_of_large_images_have_fewer_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budget, "MOST_VALUES", 28 * 3 * np.prod(SHAPE))
    assert explorer_arrays.walks(build_gan().generator, seed=3).shape[:2] == (28, 3)
