"""The Laplacian pyramid: a point by hand, whole again, and equal to sums over neighbours."""

import numpy as np
import pytest

from latentlab.scoring.metrics.laplacian import expand, laplacian_pyramid


def noise(*shape: int) -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, shape, dtype=np.uint8)


@pytest.mark.parametrize(
    ("shape", "sides"),
    [
        ((32, 32), [(32, 32), (16, 16)]),
        ((28, 28), [(28, 28), (14, 14)]),
        ((27, 40), [(27, 40), (14, 20)]),
        ((64, 64), [(64, 64), (32, 32), (16, 16)]),
        ((26, 64), [(26, 64)]),
        ((8, 8), [(8, 8)]),
    ],
)
def test_sides_halve_while_they_can(shape: tuple[int, int], sides: list[tuple[int, int]]) -> None:
    levels = laplacian_pyramid(noise(2, *shape, 3))
    assert [level.shape for level in levels] == [(2, *side, 3) for side in sides]
    assert {level.dtype for level in levels} == {np.dtype(np.float32)}


def test_a_point_by_hand() -> None:
    """In one direction 16 is smoothed to 1 4 6 4 1 and halved to 1 6 1. Expanded, that is at the point
    2 (1 + 6 * 6 + 1) / 16 = 4.75, and beside it 2 (4 * 6 + 4 * 1) / 16 = 3.5. Two directions multiply."""
    image = np.zeros((1, 28, 28, 1), np.uint8)
    image[0, 14, 14] = 255
    fine, coarse = (level[0, ..., 0] * 256 / 255 for level in laplacian_pyramid(image))
    np.testing.assert_allclose(coarse[6:9, 6:9], [[1, 6, 1], [6, 36, 6], [1, 6, 1]], rtol=1e-6)
    assert fine[14, 14] == pytest.approx(256 - 4.75**2)
    assert fine[14, 15] == pytest.approx(-4.75 * 3.5)
    assert np.count_nonzero(coarse) == 9


@pytest.mark.parametrize("size", [(28, 28), (27, 33), (64, 57)])
def test_levels_add_up_to_the_images(size: tuple[int, int]) -> None:
    images = noise(3, *size, 2)
    levels = laplacian_pyramid(images)
    whole = levels.pop()
    while levels:
        whole = levels[-1] + expand(whole, levels.pop().shape)
    np.testing.assert_allclose(whole, images, atol=1e-3)


def test_the_coarse_level_by_sums_over_neighbours() -> None:
    """Beyond the edge images go on as in a mirror."""
    image = noise(1, 30, 28, 1)
    padded = np.pad(image[0, ..., 0].astype(float), 2, mode="reflect")
    weights = np.outer([1, 4, 6, 4, 1], [1, 4, 6, 4, 1]) / 256
    expected = [
        [np.sum(weights * padded[i : i + 5, j : j + 5]) for j in range(0, 28, 2)] for i in range(0, 30, 2)
    ]
    np.testing.assert_allclose(laplacian_pyramid(image)[1][0, ..., 0], expected, rtol=1e-5)


def test_one_colour_has_no_details() -> None:
    fine, coarse = laplacian_pyramid(np.full((1, 29, 28, 3), 200, np.uint8))
    np.testing.assert_allclose(fine, 0, atol=1e-4)
    np.testing.assert_allclose(coarse, 200, rtol=1e-6)
