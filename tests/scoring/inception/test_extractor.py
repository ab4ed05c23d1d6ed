"""Images reach the network as in the classic FID."""

import numpy as np
import pytest

from latentlab.scoring.inception.extractor import prepare


def test_resizing_by_hand() -> None:
    """Two pixels, 0 and 255, become 299: each step is 2 / 299 of a pixel, and the last one goes on and on.

    With half-pixel centres the value would be 255 (2 (k + 1/2) / 299 - 1/2), and 0 for the first 75.
    """
    row = np.array([0, 255], np.uint8).reshape(1, 1, 2, 1)
    seen = (prepare(row).numpy()[0] + 1) * 128
    assert seen.shape == (299, 299, 3)
    expected = 255 * np.minimum(np.arange(299) * 2 / 299, 1)
    np.testing.assert_allclose(seen, np.broadcast_to(expected[:, None], (299, 299, 3)), atol=1e-3)


def test_images_are_made_smaller_without_smoothing() -> None:
    """At three times the size each third pixel is taken."""
    image = np.random.default_rng(0).integers(0, 256, (1, 897, 897, 3), np.uint8)
    expected = (image[:, ::3, ::3].astype(np.float32) - 128) / 128
    np.testing.assert_allclose(prepare(image), expected, atol=1e-4)


@pytest.mark.parametrize(("value", "expected"), [(0, -1.0), (128, 0.0), (255, 0.9921875)])
def test_the_range_by_hand(value: int, expected: float) -> None:
    assert (prepare(np.full((2, 28, 28, 1), value, np.uint8)).numpy() == expected).all()


def test_grey_is_repeated_and_colours_stay() -> None:
    grey = np.arange(16, dtype=np.uint8).reshape(1, 4, 4, 1)
    seen = prepare(np.concatenate([grey, 2 * grey, 3 * grey], axis=-1)).numpy()
    for channel in range(3):
        np.testing.assert_array_equal(prepare((channel + 1) * grey).numpy()[..., 0], seen[..., channel])
        np.testing.assert_array_equal(prepare(grey).numpy()[..., channel], seen[..., 0])
