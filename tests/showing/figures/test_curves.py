"""Curves: each line shows its own column of the history, and one epoch is enough."""

import re
from typing import Any

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from latentlab.showing.figures import curves

KEYS = {
    curves.autoencoder_curves: curves.AUTOENCODER_PANELS,
    curves.vae_curves: curves.VAE_PANELS,
    curves.gan_curves: curves.GAN_PANELS,
}


def history(draw: Any, num_epochs: int) -> list[dict[str, float]]:
    """A history in which no two columns are alike: the k-th key is k / 100 at epoch 1, and rises."""
    keys = [key for panel in KEYS[draw] for key in panel.lines]
    return [
        {"epoch": epoch, **{key: (index + epoch / num_epochs) / 100 for index, key in enumerate(keys)}}
        for epoch in range(1, num_epochs + 1)
    ]


def drawn(figure: Figure) -> list[Axes]:
    """All axes, after everything has been laid out as it would be saved."""
    figure.draw_without_rendering()
    return list(figure.axes)


def ticks_in_view(axes: Axes) -> list[float]:
    """The ticks that are drawn; the list that axes keep goes on beyond their ends."""
    low, high = axes.get_xlim()
    return [tick for tick in axes.get_xticks() if low <= tick <= high]


@pytest.mark.parametrize("draw", KEYS)
def test_each_line_is_its_column_under_its_name(draw: Any) -> None:
    records = history(draw, 30)
    for axes, panel in zip(drawn(draw(records)), KEYS[draw], strict=True):
        lines = {str(line.get_label()): line for line in axes.lines}
        for key, name in panel.lines.items():
            np.testing.assert_array_equal(lines[name].get_xdata(), range(1, 31))
            np.testing.assert_array_equal(lines[name].get_ydata(), [record[key] for record in records])


@pytest.mark.parametrize("draw", KEYS)
def test_a_single_epoch_is_a_visible_point(draw: Any) -> None:
    for axes in drawn(draw(history(draw, 1))):
        assert axes.lines[0].get_marker() == "o"
        assert ticks_in_view(axes) == [1]


@pytest.mark.parametrize("num_epochs", [2, 7, 200, 5000])
def test_ticks_are_whole_epochs(num_epochs: int) -> None:
    ticks = ticks_in_view(drawn(curves.gan_curves(history(curves.gan_curves, num_epochs)))[0])
    assert ticks == [round(tick) for tick in ticks]
    assert 2 <= len(ticks) <= 7


@pytest.mark.parametrize("draw", KEYS)
def test_axes_are_titled_and_named_with_units(draw: Any) -> None:
    for axes in drawn(draw(history(draw, 3))):
        assert axes.get_title()
        assert axes.get_xlabel() == "epoch"
        # A loss has the unit of the objective that is chosen.
        assert re.search(r"nats|share|^loss$", axes.get_ylabel())


def test_accuracies_stand_against_chance_from_zero_to_one() -> None:
    axes = drawn(curves.gan_curves(history(curves.gan_curves, 3)))[1]
    (chance,) = (line for line in axes.lines if line.get_label() == "chance")
    np.testing.assert_array_equal(chance.get_ydata(), [0.5, 0.5])
    assert axes.get_ylim()[0] <= 0
    assert axes.get_ylim()[1] >= 1


@pytest.mark.parametrize("draw", KEYS)
def test_an_empty_history_is_refused(draw: Any) -> None:
    with pytest.raises(ValueError, match="one epoch or more"):
        draw([])
