import numpy as np
import pytest

from latentlab.families.latents import paths


def test_a_line_is_even() -> None:
    path = paths.linear(
        np.array([1, 0], np.float32), np.array([3, 8], np.float32), np.array([0, 0.25, 1], np.float32)
    )
    assert path.tolist() == [[1, 0], [1.5, 2], [3, 8]]


def test_spherical_path_is_an_arc() -> None:
    """A quarter of a circle of radius 2: halfway, both coordinates are the square root of 2."""
    start, end = np.array([2, 0], np.float32), np.array([0, 2], np.float32)
    path = paths.spherical(start, end, np.array([0, 0.5, 1], np.float32))
    np.testing.assert_allclose(path, np.array([[2, 0], [1.41421356, 1.41421356], [0, 2]]), atol=1e-6)


def test_spherical_path_keeps_between_the_lengths_of_its_ends() -> None:
    """Nearly opposite ends of lengths 1 and 2: halfway at a right angle to both, with a length of 1.5."""
    start, end = np.array([1.0, 0]), 2 * np.array([np.cos(3.1), np.sin(3.1)])
    path = paths.spherical(start, end, np.array([0, 0.5, 1]))
    np.testing.assert_allclose(np.linalg.norm(path, axis=1), [1, 1.5, 2], rtol=1e-5)
    np.testing.assert_allclose(path[1], [1.5 * np.cos(1.55), 1.5 * np.sin(1.55)], rtol=1e-5)


@pytest.mark.parametrize("factor", [3, -3])
def test_spherical_path_through_the_origin_is_straight(factor: float) -> None:
    start = np.array([1.0, 2])
    path = paths.spherical(start, factor * start, np.array([0, 0.25, 1]))
    expected = np.outer([1, 0.75 + 0.25 * factor, factor], start)
    np.testing.assert_allclose(path, expected, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("ends", [([0.0, 0], [2.0, 4]), ([2.0, 4], [0.0, 0]), ([0.0, 0], [0.0, 0])])
def test_spherical_path_from_or_to_the_origin_is_straight(ends: tuple[list[float], list[float]]) -> None:
    start, end = map(np.array, ends)
    path = paths.spherical(start, end, np.array([0, 0.5, 1]))
    np.testing.assert_allclose(path, [start, (start + end) / 2, end])


def test_spherical_path_from_a_latent_to_itself_stays_there() -> None:
    """Rounding makes the cosine of this one with itself greater than 1."""
    latent = np.array([6.0, 5.0])
    path = paths.spherical(latent, latent, np.array([0, 0.5, 1]))
    np.testing.assert_allclose(path, [latent] * 3, rtol=1e-6)
