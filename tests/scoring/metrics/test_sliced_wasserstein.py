"""The sliced Wasserstein distance: by hand, by SciPy, by an integral, and what it sees and does not."""

import numpy as np
import pytest
import scipy.ndimage
import scipy.stats

from latentlab.scoring.metrics.sliced_wasserstein import MOST_IMAGES, sliced_wasserstein
from latentlab.scoring.yardstick import degradations


def pixels(values: list[float] | np.ndarray, channels: int = 1) -> np.ndarray:
    """Images of one pixel."""
    return np.asarray(values, np.uint8).reshape(-1, 1, 1, channels)


def smooth_images(seed: int) -> np.ndarray:
    noise = np.random.default_rng(seed).normal(size=(200, 28, 28, 1))
    values = 128 + 250 * scipy.ndimage.gaussian_filter(noise, (0, 1, 1, 0))
    return np.rint(np.clip(values, 0, 255)).astype(np.uint8)


@pytest.fixture(scope="module")
def real() -> np.ndarray:
    return smooth_images(0)


@pytest.mark.parametrize("one", [1, 4])
def test_four_pixels_by_hand(one: int) -> None:
    """Normalised, 0 0 0 1 is -1 -1 -1 3 over the root of 3, and 0 1 1 1 is -3 1 1 1: in order, 2 apart."""
    found = sliced_wasserstein(pixels([0, one, 0, 0]), pixels([one, 0, one, one]), seed=0)
    assert found == {1: pytest.approx(2 / np.sqrt(3), rel=1e-6)}


def test_one_dimension_is_the_distance_of_scipy() -> None:
    rng = np.random.default_rng(1)
    x, y = rng.integers(0, 256, 300), rng.poisson(20, 300)
    expected = scipy.stats.wasserstein_distance(scipy.stats.zscore(x), scipy.stats.zscore(y))
    assert sliced_wasserstein(pixels(x), pixels(y), seed=0)[1] == pytest.approx(expected, rel=1e-5)


def test_two_channels_by_an_integral_over_directions() -> None:
    """Two free channels have the deviation 1 in each direction t, two equal ones sqrt(1 + sin 2t). Normal
    variables are apart by the difference of deviations times the mean size of one, sqrt(2 / pi)."""
    rng = np.random.default_rng(2)
    free = pixels(rng.normal(128, 30, size=(1000, 2)).round(), 2)
    equal = pixels(np.repeat(rng.normal(128, 30, size=(1000, 1)).round(), 2, axis=1), 2)
    angles = np.linspace(0, np.pi, 10001)
    expected = np.mean(np.abs(1 - np.sqrt(1 + np.sin(2 * angles)))) * np.sqrt(2 / np.pi)
    assert sliced_wasserstein(free, equal, seed=0)[1] == pytest.approx(expected, rel=0.1)


def test_one_set_is_at_0_from_itself_and_near_0_from_its_like(real: np.ndarray) -> None:
    assert sliced_wasserstein(real, real, seed=0) == {28: 0, 14: 0}
    alike = sliced_wasserstein(real, smooth_images(1), seed=0)
    assert 0 < max(alike.values()) < 0.05
    assert alike == sliced_wasserstein(real, smooth_images(1), seed=0)
    assert alike != sliced_wasserstein(real, smooth_images(1), seed=1)


def test_blur_and_noise_are_seen_first_at_the_fine_level(real: np.ndarray) -> None:
    fresh = smooth_images(1)
    alike, blurred, noisy = (
        sliced_wasserstein(real, images, seed=0)
        for images in (fresh, degradations.blurred(fresh, 1 / 14), degradations.noisy(fresh, 0.3, seed=0))
    )
    for broken in (blurred, noisy):
        assert broken[28] > 3 * alike[28]
        assert broken[28] > broken[14]


def test_only_the_coarse_level_sees_large_shapes(real: np.ndarray) -> None:
    """Half of the contrast in waves of 14 pixels, which are smooth at the fine level."""
    waves = 60 * np.sin(np.arange(28) * 2 * np.pi / 14)[:, np.newaxis, np.newaxis]
    striped = sliced_wasserstein(
        real, (0.5 * smooth_images(1) + 64 + waves).clip(0, 255).astype(np.uint8), seed=0
    )
    assert striped[14] > 3 * striped[28]


def test_contrast_and_brightness_are_not_seen() -> None:
    dark = smooth_images(0) // 2
    found = sliced_wasserstein(dark, 2 * dark + 1, seed=0)
    assert max(found.values()) < 1e-4


def test_only_the_first_images_count() -> None:
    many = np.arange(MOST_IMAGES + 5) % 256
    changed = np.where(np.arange(len(many)) < MOST_IMAGES, many, 0)
    assert sliced_wasserstein(pixels(many), pixels(changed), seed=0) == {1: 0}


def test_images_of_one_colour_are_at_a_distance_too() -> None:
    """Where there is no deviation, nothing is divided."""
    black, varied = pixels([0, 0, 0, 0]), pixels([0, 4, 0, 4])
    assert sliced_wasserstein(black, black, seed=0) == {1: 0}
    assert sliced_wasserstein(varied, black, seed=0) == {1: pytest.approx(1)}


@pytest.mark.parametrize("shape", [(3, 8, 8, 1), (4, 8, 8, 3), (4, 8, 8)])
def test_sets_of_different_sizes_are_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match=r"as many samples as real images and as large ones, .*got \("):
        sliced_wasserstein(np.zeros((4, 8, 8, 1), np.uint8), np.zeros(shape, np.uint8), seed=0)


def test_no_images_are_refused() -> None:
    empty = np.zeros((0, 8, 8, 1), np.uint8)
    with pytest.raises(ValueError, match="as many samples as real images"):
        sliced_wasserstein(empty, empty, seed=0)
