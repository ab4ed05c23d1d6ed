"""Principal components of images."""

import numpy as np

from latentlab.scoring.metrics.components import MOST_FITTED, NUM_COMPONENTS, Components


def test_the_first_component_by_hand() -> None:
    """Points on the line y = x, whose deviations from (2, 2) are -2, 0 and 2 in both."""
    pixels = np.array([[0, 0], [2, 2], [4, 4]], np.uint8)
    projected = Components(pixels).project(pixels)
    assert projected.shape == (3, 2)
    np.testing.assert_allclose(np.sort(np.abs(projected[:, 1])), [0, np.sqrt(8), np.sqrt(8)], atol=1e-12)
    np.testing.assert_allclose(projected[:, 0], 0, atol=1e-12)


def test_few_pixels_keep_all_distances() -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (2500, 9), dtype=np.uint8)
    projected = Components(pixels[:100]).project(pixels)
    assert projected.shape == pixels.shape
    apart = np.linalg.norm(pixels[0].astype(float) - pixels[-1])
    assert np.isclose(np.linalg.norm(projected[0] - projected[-1]), apart)


def test_many_pixels_keep_what_varies_most() -> None:
    rng = np.random.default_rng(1)
    scales = np.where(np.arange(100) < 10, 50.0, 0.1)
    projected = Components(rng.normal(size=(500, 100)) * scales).project(rng.normal(size=(20, 100)) * scales)
    assert projected.shape == (20, NUM_COMPONENTS)
    assert np.square(projected).sum() > 0.99 * 20 * 10 * 50**2 * 0.7


def test_more_images_than_are_fitted_are_thinned_out_evenly() -> None:
    pixels = np.random.default_rng(2).normal(size=(MOST_FITTED + 1, 2))
    pixels[1::2] *= 100
    thinned, every_other = Components(pixels), Components(pixels[::2])
    np.testing.assert_array_equal(thinned.project(pixels[:5]), every_other.project(pixels[:5]))
