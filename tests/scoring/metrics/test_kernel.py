"""The kernel distance: worked out by hand, in closed form for Gaussians, and free of bias."""

import numpy as np
import pytest

from latentlab.scoring.metrics.kernel import (
    kernel_distance,
    mean_between,
    mean_within,
    weighted_distance,
)


def test_one_dimension_by_hand() -> None:
    """k(a, b) = (ab + 1)^3. Within {0, 1}: 1; within {1, 2}: 27; between: (1 + 1 + 8 + 27) / 4 = 9.25."""
    x, y = np.array([[0.0], [1.0]]), np.array([[1.0], [2.0]])
    assert kernel_distance(x, y) == pytest.approx(1 + 27 - 2 * 9.25, rel=1e-12)


def test_products_are_divided_by_the_dimensions() -> None:
    """In two dimensions the points (1, 1) and (1, -1) have products 2 and 0: k is 8 or 1."""
    x = np.array([[1.0, 1.0], [1.0, -1.0]])
    assert mean_within(x, np.ones((1, 2), bool)).tolist() == [1]
    assert mean_between(x, x, np.ones((1, 2), bool), np.ones((1, 2), bool)).tolist() == [4.5]


def test_two_gaussians_in_closed_form() -> None:
    """E k = 1 + 3 m1 n1 + 3 m2 n2 + m3 n3 of raw moments m and n: 4 within N(0, 1), 32 within N(1, 1), 7
    between, so 22 in all."""
    rng = np.random.default_rng(0)
    distances = [
        kernel_distance(rng.normal(size=(400, 1)), rng.normal(1, 1, size=(400, 1))) for _ in range(30)
    ]
    error = np.std(distances, ddof=1) / np.sqrt(30)
    assert abs(np.mean(distances) - 22) < 4 * error
    assert error < 1


def test_no_bias_for_small_sets_of_one_distribution() -> None:
    rng = np.random.default_rng(1)
    distances = [kernel_distance(*rng.normal(size=(2, 8, 5))) for _ in range(2000)]
    assert abs(np.mean(distances)) < 4 * np.std(distances) / np.sqrt(2000)
    assert min(distances) < 0 < max(distances)


def test_subsets_are_scored_as_if_they_were_alone() -> None:
    rng = np.random.default_rng(2)
    x, y = rng.normal(size=(600, 6)).astype(np.float32), rng.normal(1, 1, size=(400, 6)).astype(np.float32)
    x_members, y_members = rng.random((3, 600)) < 0.5, rng.random((3, 400)) < 0.5
    together = (
        mean_within(x, x_members) + mean_within(y, y_members) - 2 * mean_between(x, y, x_members, y_members)
    )
    alone = [kernel_distance(x[a], y[b]) for a, b in zip(x_members, y_members, strict=True)]
    np.testing.assert_allclose(together, alone, rtol=1e-10)


def test_images_count_by_their_weights() -> None:
    """With equal ones as without, and those without weight not at all."""
    rng = np.random.default_rng(3)
    x, y = rng.normal(size=(500, 4)), rng.normal(1, 1, size=(300, 4))
    assert weighted_distance(x, np.full(500, 1 / 500), y) == pytest.approx(kernel_distance(x, y), rel=1e-10)
    weights = np.repeat([1 / 100, 0], [100, 400])
    assert weighted_distance(x, weights, y) == pytest.approx(kernel_distance(x[:100], y), rel=1e-10)


def test_weights_by_hand() -> None:
    """1 with weight 3/4 and 0, from 2 twice: pairs of x have k = 1, those of y 125, and between 27 and 1."""
    x, y = np.array([[1.0], [0.0]]), np.array([[2.0], [2.0]])
    found = weighted_distance(x, np.array([0.75, 0.25]), y)
    assert found == pytest.approx(1 + 125 - 2 * (0.75 * 27 + 0.25))


@pytest.mark.parametrize("shape", [(1, 3), (4,)])
def test_too_few_or_misshapen_features_are_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match=r"expected features \(n, d\) of at least 2 images, got"):
        mean_within(np.zeros(shape), np.ones((1, shape[0]), bool))
