import numpy as np
from numpy.testing import assert_allclose, assert_array_equal

from latentlab.families.latents import points as latent_points


def floats(*rows: list[float]) -> latent_points.Latents:
    return np.array(rows, np.float32)


def test_inside_is_halfway_to_the_nearest() -> None:
    latents = floats([0, 0], [1, 0], [10, 0], [10, 4])
    points = latent_points.inside(latents, 4, seed=0)
    assert_array_equal(np.sort(points, axis=0), [[0.5, 0], [0.5, 0], [10, 2], [10, 2]])
    assert len(latent_points.inside(latents, 2, seed=0)) == 2


def test_outside_is_half_as_far_again_as_the_farthest() -> None:
    """Variances 4 and 1, no covariance: distances from the mean are 1, 1, 1, 1 times sqrt(2)."""
    latents = floats([-2, -1], [2, 1], [-2, 1], [2, -1])
    points = latent_points.outside(latents, 50, seed=0)
    assert points.dtype == np.float32
    distances = np.hypot(points[:, 0] / 2, points[:, 1])
    assert_allclose(distances, np.full(50, 1.5 * np.sqrt(2)), rtol=1e-5)
    assert (points[:, 0] > 0).any()
    assert (points[:, 0] < 0).any()


def test_a_collapsed_dimension_has_no_outside() -> None:
    latents = floats([-2, 5], [2, 5], [-2, 5], [2, 5])
    points = latent_points.outside(latents, 20, seed=0)
    assert np.isfinite(points).all()
    assert_allclose(points[:, 1], 5, atol=1e-5)


def test_a_traversal_moves_one_coordinate() -> None:
    paths = latent_points.traversals(np.array([7, 8, 9], np.float32), [2, 0], steps=3)
    assert_array_equal(paths[0], [[7, 8, -3], [7, 8, 0], [7, 8, 3]])
    assert_array_equal(paths[1], [[-3, 8, 9], [0, 8, 9], [3, 8, 9]])


def test_dimensions_are_sorted_by_their_kl() -> None:
    assert latent_points.by_use([0.1, 2.0, 0.5, 2.0], most=3) == [1, 3, 2]
    assert latent_points.by_use([0.1], most=3) == [0]
