"""Which latents are decoded, told by a decoder that draws a latent's coordinates as pixels."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from latentlab.core.arrays import Latents
from latentlab.families.latents import pictures
from latentlab.families.latents import points as latent_points
from latentlab.families.latents.planes import shown_plane
from latentlab.families.latents.samplers import Mixture


class PointDecoder:
    """Draws a latent as an image of one row: its coordinates times 1/255, so that pixels are the numbers."""

    inputs = (np.zeros((1, 2)),)

    def __call__(self, latents: Latents, *, training: bool) -> npt.NDArray[Any]:
        return np.abs(latents[:, np.newaxis, :, np.newaxis]) / 255


@pytest.fixture
def latents() -> Latents:
    return np.random.default_rng(0).uniform(20, 60, (30, 2)).astype(np.float32)


def as_pixels(points: Latents) -> list[list[float]]:
    return np.rint(np.abs(points)).reshape(-1, points.shape[-1]).tolist()


def test_regions_come_with_their_places(latents: Latents) -> None:
    plane = shown_plane(latents)
    arrays = pictures.regions(PointDecoder(), latents, plane, seed=3)
    assert list(arrays) == ["inside", "outside", "inside_plane", "outside_plane"]
    inside = latent_points.inside(latents, 24, seed=3)
    np.testing.assert_array_equal(arrays["inside_plane"], inside)
    assert arrays["inside"].reshape(24, 2).tolist() == as_pixels(inside)
    assert len(pictures.regions(PointDecoder(), latents[:5], plane, seed=3)["outside"]) == 5


def test_each_pair_is_joined_by_a_line_and_an_arc() -> None:
    """Halfway between (200, 0) and (0, 200) a line is at (100, 100), and an arc at the same radius."""
    latents = np.array([[200, 0], [0, 200], [9, 5], [3, 8], [1, 1], [2, 1]], np.float32)
    images = pictures.interpolations(PointDecoder(), latents)
    assert images[:2, 5, 0, :, 0].tolist() == [[100, 100], [141, 141]]
    assert images.shape == (6, 11, 1, 2, 1)
    for row in (2, 3):
        assert images[row, [0, -1]].reshape(2, 2).tolist() == as_pixels(latents[2:4])


def test_traversals_start_with_the_most_used_dimension() -> None:
    images = pictures.traversals(PointDecoder(), np.array([7, 8, 9], np.float32), [0.1, 3.0, 1.0])
    assert images.shape == (3, 11, 1, 3, 1)
    assert images[0, :, 0, :, 0].tolist() == [[7, value, 9] for value in (3, 2, 2, 1, 1, 0, 1, 1, 2, 2, 3)]
    assert set(images[1, :, 0, 1, 0]) == {8}


def test_each_class_has_a_row() -> None:
    means, spread = np.array([[10.0, 20], [100, 200]]), np.zeros((2, 2, 2))
    fitted = Mixture(np.array([0.9, 0.1]), means, spread, np.array([0, 1]))
    images = pictures.of_components(PointDecoder(), fitted, seed=0)
    assert images.shape == (2, 12, 1, 2, 1)
    assert as_pixels(images[:, :, 0, :, 0].astype(np.float32)) == [[10, 20]] * 12 + [[100, 200]] * 12
