"""The distances by epoch, and the last epoch beside the best."""

import numpy as np
import pytest

from latentlab.showing.figures import snapshots

SCORED = [(5, 9.0), (10, 0.25), (12, 1.5)]


def test_the_curve_is_the_distances_and_marks_the_best() -> None:
    figure = snapshots.distances(SCORED, best=1, title="a title")
    [axes] = figure.axes
    assert figure.get_suptitle() == "a title"
    curve, star = axes.lines
    np.testing.assert_array_equal(curve.get_xydata(), SCORED)
    np.testing.assert_array_equal(star.get_xydata(), [(10, 0.25)])
    assert star.get_label() == "best"
    assert axes.get_xlabel() == "epoch"
    assert "validation images" in axes.get_ylabel()


@pytest.mark.parametrize("scored", [[(1, 0.5)], [(1, 3.0), (2, 1.0)]])
def test_few_epochs_have_a_whole_tick_each(scored: list[tuple[int, float]]) -> None:
    figure = snapshots.distances(scored, best=0, title="a title")
    figure.draw_without_rendering()
    [axes] = figure.axes
    low, high = axes.get_xlim()
    assert [tick for tick in axes.get_xticks() if low <= tick <= high] == [epoch for epoch, _ in scored]


def test_last_and_best_stand_under_their_epochs_and_distances() -> None:
    last, best = (np.full((100, 4, 4, 1), grey, np.uint8) for grey in (10, 200))
    figure = snapshots.last_and_best(last, best, (SCORED[-1], SCORED[1]), "a title")
    left, right = figure.axes
    assert figure.get_suptitle() == "a title"
    assert left.get_title() == "Last: epoch 12\nkernel distance 1.50"
    assert right.get_title() == "Best: epoch 10\nkernel distance 0.250"
    corners = [np.asarray(axes.images[0].get_array())[0, 0, 0] for axes in (left, right)]
    assert corners == [10, 200]
