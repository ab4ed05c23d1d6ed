from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from latentlab.families.latents.planes import Plane, lecture_axes, manifold, manifolds, shown_plane, used_axes

Array = npt.NDArray[Any]


class PointDecoder:
    """Draws a latent as an image of one row: its coordinates times 1/255, so that pixels are the numbers."""

    def __call__(self, latents: Array, *, training: bool) -> Array:
        return np.abs(latents[:, np.newaxis, :, np.newaxis]) / 255


def latents_along(*directions: list[float], count: int = 500) -> npt.NDArray[np.float32]:
    """Points around (5, 5, 5), scattered along directions of falling importance."""
    rng = np.random.default_rng(0)
    scales = 3.0 ** -np.arange(len(directions))
    return (5 + rng.normal(0, scales, (count, len(directions))) @ np.array(directions)).astype(np.float32)


def test_two_dimensions_are_shown_as_they_are() -> None:
    latents = np.random.default_rng(0).standard_normal((50, 2)).astype(np.float32)
    plane = shown_plane(latents)
    assert np.array_equal(plane.locate(latents), latents)
    assert np.array_equal(plane.embed(latents), latents)


def test_a_single_dimension_is_the_first_axis() -> None:
    latents = np.array([[3], [-4]], np.float32)
    plane = shown_plane(latents)
    assert plane.locate(latents).tolist() == [[3, 0], [-4, 0]]
    assert plane.embed(np.array([[3, 0], [3, 9]], np.float32)).tolist() == [[3], [3]]


def test_more_dimensions_are_shown_by_the_two_that_vary_most() -> None:
    """Principal axes by hand: (0, 1, 0), then (0.8, 0, -0.6), whose largest coordinates are positive."""
    latents = latents_along([0, -1, 0], [-0.8, 0, 0.6], [0.6, 0, 0.8])
    plane = shown_plane(latents)
    np.testing.assert_allclose(plane.origin, latents.mean(axis=0), rtol=1e-5)
    np.testing.assert_allclose(plane.directions, np.array([[0, 1, 0], [0.8, 0, -0.6]]), atol=0.05)
    coordinates = plane.locate(latents)
    assert coordinates.shape == (500, 2)
    assert coordinates.dtype == np.float32
    np.testing.assert_allclose(coordinates.mean(axis=0), 0, atol=1e-4)
    first, second = coordinates.T
    assert first.std() > 2 * second.std()
    assert abs(np.mean(first * second)) < 1e-3


def test_a_plane_gives_back_what_lies_in_it_and_drops_the_rest() -> None:
    plane = Plane(np.array([1.0, 2, 3]), np.array([[1.0, 0, 0], [0, 0, 1]]))
    coordinates = np.array([[4, 5]], np.float32)
    assert plane.embed(coordinates).tolist() == [[5, 2, 8]]
    assert plane.locate(np.array([[5, 99, 8]], np.float32)).tolist() == [[4, 5]]


@pytest.mark.parametrize("latents", [np.zeros((5, 4), np.float32), latents_along([1, 0, 0], count=3)])
def test_a_collapsed_space_still_has_a_plane(latents: npt.NDArray[np.float32]) -> None:
    plane = shown_plane(latents)
    assert np.isfinite(plane.locate(latents)).all()
    np.testing.assert_allclose(plane.directions @ plane.directions.T, np.eye(2), atol=1e-6)


def test_manifold_has_the_first_axis_along_its_columns() -> None:
    axes = np.array([[1, 2, 3], [10, 20, 30]], np.float32)
    images = manifold(PointDecoder(), shown_plane(np.zeros((1, 2), np.float32)), axes)
    assert images.shape == (3, 3, 1, 2, 1)
    assert images.dtype == np.uint8
    assert images[0, 2].ravel().tolist() == [3, 10]
    assert images[2, 0].ravel().tolist() == [1, 30]


def test_lecture_axes_are_15_times_sigma() -> None:
    axes = lecture_axes(0.5)
    assert axes.shape == (2, 15)
    assert axes.dtype == np.float32
    assert axes[0].tolist() == axes[1].tolist()
    assert (axes[0, 0], axes[0, 7], axes[0, 14]) == (-7.5, 0, 7.5)
    np.testing.assert_allclose(np.diff(axes), 15 / 14, rtol=1e-5)


def test_used_axes_span_the_middle_98_percent() -> None:
    """0 to 100 and its thousandfold: the 1st and 99th percentiles are 1 and 99."""
    numbers = np.arange(101, dtype=np.float32)
    axes = used_axes(np.stack([numbers, 1000 * numbers], axis=1))
    np.testing.assert_allclose(axes[:, [0, -1]], [[1, 99], [1000, 99_000]])
    assert axes.shape == (2, 15)
    assert np.all(np.diff(axes) > 0)


def test_both_manifolds_come_with_their_axes() -> None:
    latents = latents_along([1, 0, 0], [0, 1, 0], [0, 0, 1])
    plane = shown_plane(latents)
    arrays = manifolds(PointDecoder(), plane, plane.locate(latents), epsilon_sigma=1.0)
    assert {name: array.shape for name, array in arrays.items()} == {
        "manifold": (15, 15, 1, 3, 1),
        "manifold_used": (15, 15, 1, 3, 1),
        "manifold_axes": (2, 15),
        "manifold_used_axes": (2, 15),
    }
    assert np.array_equal(arrays["manifold_axes"], lecture_axes(1.0))
    middle = arrays["manifold"][7, 7].ravel()
    np.testing.assert_allclose(middle, [5, 5, 5], atol=1)
