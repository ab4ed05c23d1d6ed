"""The sharpness of images by hand, and what changes it."""

import numpy as np
import pytest

from latentlab.core import mapped
from latentlab.scoring.metrics.sharpness import relative_sharpness, sharpness
from latentlab.scoring.yardstick import degradations

EDGE = np.array([[0, 0, 6, 6]], np.uint8).reshape(1, 1, 4, 1)


def test_an_edge_by_hand() -> None:
    """One difference of 6 has the energy 36; four pixels at 3 from the mean have 36 as well."""
    assert sharpness(EDGE).tolist() == [1.0]


def test_a_ramp_has_a_fifth_of_what_alternation_has() -> None:
    """0 2 4 6: three times 4 over 9 + 1 + 1 + 9; 0 6 0 6: three times 36 over four times 9."""
    ramp, alternation = (np.array(row, np.uint8).reshape(1, 1, 4, 1) for row in ([0, 2, 4, 6], [0, 6, 0, 6]))
    assert sharpness(ramp)[0] == pytest.approx(0.6)
    assert sharpness(alternation)[0] == pytest.approx(3.0)


def test_images_are_taken_a_few_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    images = np.random.default_rng(0).integers(0, 256, (9, 4, 5, 3), dtype=np.uint8)
    whole = sharpness(images)
    monkeypatch.setattr(mapped, "BLOCK_BYTES", 2 * images[0].nbytes)
    assert [len(block) for block in mapped.blocks(images)] == [2, 2, 2, 2, 1]
    assert sharpness(images).tolist() == whole.tolist()


def test_columns_count_as_rows_do_and_channels_add_up() -> None:
    assert sharpness(EDGE.transpose(0, 2, 1, 3)).tolist() == [1.0]
    assert sharpness(np.concatenate([EDGE, EDGE], axis=3)).tolist() == [1.0]


def test_contrast_and_brightness_leave_it_alone() -> None:
    assert sharpness(EDGE * 20 + 50) == pytest.approx(sharpness(EDGE))


def test_an_image_of_one_colour_has_none() -> None:
    assert sharpness(np.full((2, 3, 3, 1), 200, np.uint8)).tolist() == [0, 0]


def test_blur_lowers_it_and_noise_raises_it() -> None:
    squares = np.zeros((5, 28, 28, 1), np.uint8)
    squares[:, 8:20, 8:20] = 255
    [plain, blurred, noisy] = (
        sharpness(images).mean()
        for images in (squares, degradations.blurred(squares, 1 / 14), degradations.noisy(squares, 0.3, 0))
    )
    assert blurred < plain / 2
    assert noisy > plain * 2


@pytest.mark.parametrize("scale", [1, 1 / 8])
def test_each_subset_is_held_to_its_own_real_images_however_sharp_these_are(scale: float) -> None:
    """(1 + 3) / 2 over (2 + 6) / 2, and 3 over 2."""
    members, real_members = np.array([[True, True], [False, True]]), np.array([[True, True], [True, False]])
    samples, real = scale * np.array([1.0, 3.0]), scale * np.array([2.0, 6.0])
    assert relative_sharpness(samples, real, members, real_members).tolist() == [0.5, 1.5]


def test_nothing_is_relative_to_images_without_contrast() -> None:
    everything = np.ones((1, 2), bool)
    assert relative_sharpness(np.ones(2), np.zeros(2), everything, everything).tolist() == [0]
