"""Curves: each line shows its own column of the history, and one epoch is enough."""

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from latentlab.showing.figures.curves import Panel, curves

PANELS = (
    Panel("Losses", "loss (nats)", {"first": "one network", "second": "the other"}),
    Panel("Accuracy", "share judged right", {"right": "images"}, chance=0.5),
)


def history(num_epochs: int) -> list[dict[str, float]]:
    """A history in which no two columns are alike: the k-th key is k / 100 at epoch 1, and rises."""
    keys = [key for panel in PANELS for key in panel.lines]
    return [
        {"epoch": epoch, **{key: (index + epoch / num_epochs) / 100 for index, key in enumerate(keys)}}
        for epoch in range(1, num_epochs + 1)
    ]


def draw(num_epochs: int) -> Figure:
    return curves("a title", PANELS, history(num_epochs))


def drawn(figure: Figure) -> list[Axes]:
    """All axes, after everything has been laid out as it would be saved."""
    figure.draw_without_rendering()
    return list(figure.axes)


def ticks_in_view(axes: Axes) -> list[float]:
    """The ticks that are drawn; the list that axes keep goes on beyond their ends."""
    low, high = axes.get_xlim()
    return [tick for tick in axes.get_xticks() if low <= tick <= high]


def test_each_line_is_its_column_under_its_name() -> None:
    records = history(30)
    for axes, panel in zip(drawn(draw(30)), PANELS, strict=True):
        lines = {str(line.get_label()): line for line in axes.lines}
        for key, name in panel.lines.items():
            np.testing.assert_array_equal(lines[name].get_xdata(), range(1, 31))
            np.testing.assert_array_equal(lines[name].get_ydata(), [record[key] for record in records])


def test_a_single_epoch_is_a_visible_point() -> None:
    for axes in drawn(draw(1)):
        assert axes.lines[0].get_marker() == "o"
        assert ticks_in_view(axes) == [1]


@pytest.mark.parametrize("num_epochs", [2, 7, 200, 5000])
def test_ticks_are_whole_epochs(num_epochs: int) -> None:
    ticks = ticks_in_view(drawn(draw(num_epochs))[0])
    assert ticks == [round(tick) for tick in ticks]
    assert 2 <= len(ticks) <= 7


def test_figure_and_axes_have_their_titles_and_names() -> None:
    figure = draw(3)
    assert figure.get_suptitle() == "a title"
    for axes, panel in zip(drawn(figure), PANELS, strict=True):
        assert (axes.get_title(), axes.get_ylabel()) == (panel.title, panel.y_label)
        assert axes.get_xlabel() == "epoch"


def test_shares_stand_against_chance_from_zero_to_one() -> None:
    axes = drawn(draw(3))[1]
    (chance,) = (line for line in axes.lines if line.get_label() == "chance")
    np.testing.assert_array_equal(chance.get_ydata(), [0.5, 0.5])
    assert axes.get_ylim()[0] <= 0
    assert axes.get_ylim()[1] >= 1


def test_an_empty_history_is_refused() -> None:
    with pytest.raises(ValueError, match="one epoch or more"):
        draw(0)
