"""The Frechet distance of Gaussians: closed forms, and the direction in which it points on real digits."""

import numpy as np
import pytest

from latentlab.data import mnist_sample
from latentlab.scoring.metrics.frechet import GaussianStatistics, frechet_distance, gaussian_statistics


def gaussian(mean: list[float], covariance: list[list[float]]) -> GaussianStatistics:
    return GaussianStatistics(np.array(mean), np.array(covariance))


def test_statistics_worked_out_by_hand() -> None:
    """Features (0, 0), (2, 2), (4, -2): deviations (-2, 0), (0, 2), (2, -2); sums divided by n - 1 = 2."""
    fitted = gaussian_statistics(np.array([[0, 0], [2, 2], [4, -2]], np.float32))
    np.testing.assert_array_equal(fitted.mean, [2, 0])
    np.testing.assert_array_equal(fitted.covariance, [[4, -2], [-2, 4]])
    assert fitted.mean.dtype == fitted.covariance.dtype == np.float64


def test_one_feature_is_a_covariance_of_one_row() -> None:
    fitted = gaussian_statistics(np.array([[1.0], [3.0]]))
    np.testing.assert_array_equal(fitted.covariance, [[2.0]])


@pytest.mark.parametrize("shape", [(1, 3), (0, 3), (4,), (4, 2, 2)])
def test_too_few_or_misshapen_features_are_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match=r"expected features \(n, d\) of at least 2 images, got"):
        gaussian_statistics(np.zeros(shape))


def test_statistics_of_float32_features_far_from_zero_are_exact() -> None:
    features = np.float32(4096) + np.array([[0.0], [1.0]], np.float32)
    assert gaussian_statistics(np.tile(features, (50_000, 1))).covariance[0, 0] == pytest.approx(
        0.25, rel=1e-4
    )


def test_one_dimension_by_hand() -> None:
    """(1 - 4)^2 + (2 - 5)^2 = 18, with standard deviations 2 and 5."""
    assert frechet_distance(gaussian([1], [[4]]), gaussian([4], [[25]])) == pytest.approx(18)


def test_two_dimensions_that_commute_by_hand() -> None:
    """Shift (3, 4) gives 25; deviations (1, 2) and (3, 5) give 4 + 9."""
    a, b = gaussian([0, 0], [[1, 0], [0, 4]]), gaussian([3, 4], [[9, 0], [0, 25]])
    assert frechet_distance(a, b) == pytest.approx(38)


def test_two_dimensions_that_do_not_commute_by_hand() -> None:
    """For 2 x 2, tr M^(1/2) = sqrt(tr M + 2 sqrt(det M)), with M = C_a C_b.

    C_a = [[2, 1], [1, 2]], C_b = [[1, 0], [0, 4]]: M = [[2, 4], [1, 8]], trace 10, determinant 12.
    """
    a, b = gaussian([0, 0], [[2, 1], [1, 2]]), gaussian([0, 0], [[1, 0], [0, 4]])
    assert frechet_distance(a, b) == pytest.approx(9 - 2 * np.sqrt(10 + 2 * np.sqrt(12)))


def test_singular_covariances_by_hand() -> None:
    """Lines along the axes share nothing, so the distance is the sum of the traces; equal lines have none."""
    x, y = gaussian([0, 0], [[4, 0], [0, 0]]), gaussian([0, 0], [[0, 0], [0, 9]])
    point = gaussian([0, 0], [[0, 0], [0, 0]])
    assert frechet_distance(x, y) == pytest.approx(13)
    assert frechet_distance(x, x) == pytest.approx(0, abs=1e-12)
    assert frechet_distance(point, y) == pytest.approx(9)
    assert frechet_distance(point, point) == 0


def test_fewer_images_than_features_are_no_obstacle() -> None:
    rng = np.random.default_rng(0)
    a, b = (gaussian_statistics(rng.normal(size=(5, 20))) for _ in range(2))
    assert 0 < frechet_distance(a, b) < np.inf
    assert frechet_distance(a, a) == pytest.approx(0, abs=1e-6)


def test_symmetric_and_never_negative() -> None:
    rng = np.random.default_rng(1)
    for _ in range(20):
        features = rng.normal(size=(2, 30, 8)) * rng.uniform(0, 3, size=(2, 1, 8))
        a, b = (gaussian_statistics(part) for part in features)
        assert frechet_distance(a, b) == pytest.approx(frechet_distance(b, a), rel=1e-9)
        assert frechet_distance(a, b) > 0
        assert frechet_distance(a, a) >= 0


def test_a_rotation_of_the_features_changes_nothing() -> None:
    rng = np.random.default_rng(2)
    rotation, _ = np.linalg.qr(rng.normal(size=(6, 6)))
    a, b = rng.normal(size=(40, 6)), rng.normal(1, 2, size=(40, 6))
    plain = frechet_distance(gaussian_statistics(a), gaussian_statistics(b))
    turned = frechet_distance(gaussian_statistics(a @ rotation), gaussian_statistics(b @ rotation))
    assert turned == pytest.approx(plain, rel=1e-9)


def test_other_digits_are_near_one_digit_is_farther_and_noise_is_farthest() -> None:
    """In pixels of real images, halved three times to 49 features."""
    images, labels = mnist_sample.load()
    features = images.reshape(-1, 7, 4, 7, 4).mean(axis=(2, 4)).reshape(-1, 49)
    rng = np.random.default_rng(0)
    order = rng.permutation(len(features))
    reference = gaussian_statistics(features[order[:1000]])
    shown = {
        "others": features[order[1000:2000]],
        "one digit": features[labels == 1],
        "noise": rng.uniform(0, 255, size=(1000, 49)),
    }
    distances = {name: frechet_distance(gaussian_statistics(part), reference) for name, part in shown.items()}
    assert 10 * distances["others"] < distances["one digit"] < distances["noise"]
