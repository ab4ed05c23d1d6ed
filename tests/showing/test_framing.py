"""The squares that planes of latents are shown in."""

import numpy as np
import pytest

from latentlab.showing import framing


def test_a_square_has_one_scale_for_both_axes() -> None:
    """Four wide and two high, so the half is 2 before it is made half as large again."""
    middle, half = framing.square(np.array([[-1.0, 5], [3, 7]]), reach=1.5)
    assert middle.tolist() == [1, 6]
    assert half == 3


def test_a_collapse_is_shown_as_one() -> None:
    points = np.array([[0.1, 0.2], [0.3, 0.2]])
    assert framing.square(points, reach=2)[1] == 2
    assert framing.around_zero(points, reach=2) == 2


def test_all_points_lie_in_the_square_around_zero() -> None:
    assert framing.around_zero(np.array([[[1.0, -4]], [[2, 3]]]), reach=1.05) == pytest.approx(4.2)
