import pytest

from latentlab.showing.figures.curves import Panel
from latentlab.showing.report import curves

PANEL = Panel("Losses", "nats", {"a": "first", "b": "second"})


def corners(points: str) -> list[tuple[float, ...]]:
    return [tuple(map(float, corner.split(","))) for corner in points.split(" ")]


def test_lines_go_from_edge_to_edge() -> None:
    history = [{"epoch": 1, "a": 0.0, "b": 0.25}, {"epoch": 2, "a": 1.0, "b": 0.5}]
    [chart] = curves.charts([PANEL], history)
    first, second = chart.lines
    assert (first.name, first.values, chart.epochs) == ("first", ["0", "1"], [1, 2])
    # Half an epoch of two, and 0.05 of 1.1, inside of the edges.
    assert corners(first.points) == [
        pytest.approx((curves.LEFT + 302 / 4, curves.BOTTOM - 180 / 22), abs=0.01),
        pytest.approx((curves.RIGHT - 302 / 4, curves.TOP + 180 / 22), abs=0.01),
    ]
    assert corners(second.points)[0][1] == pytest.approx(curves.BOTTOM - 180 * 0.3 / 1.1, abs=0.01)
    assert chart.at(1) == "epoch 2: first 1, second 0.5"


def test_ticks_are_round_and_within_the_plane() -> None:
    [chart] = curves.charts([PANEL], [{"epoch": epoch, "a": epoch / 7, "b": 0} for epoch in range(1, 61)])
    assert [tick.text for tick in chart.x_ticks] == ["20", "40", "60"]
    assert [tick.text for tick in chart.y_ticks] == ["0", "2", "4", "6", "8"]
    assert all(curves.LEFT <= tick.at <= curves.RIGHT for tick in chart.x_ticks)
    assert all(curves.TOP <= tick.at <= curves.BOTTOM for tick in chart.y_ticks)


def test_shares_fill_the_plane_with_chance_in_the_middle() -> None:
    panel = Panel("Accuracy", "share", {"a": "first"}, chance=0.5)
    [chart] = curves.charts([panel], [{"epoch": 1, "a": 0.9}])
    assert chart.chance == (curves.TOP + curves.BOTTOM) / 2
    assert curves.TOP < corners(chart.lines[0].points)[0][1] < chart.chance


def test_without_an_epoch_there_is_nothing_to_draw() -> None:
    assert curves.charts([PANEL], []) == []


def test_one_epoch_and_equal_values_have_a_place() -> None:
    [chart] = curves.charts([PANEL], [{"epoch": 3, "a": 2.0, "b": 2.0}])
    assert corners(chart.lines[0].points) == [
        ((curves.LEFT + curves.RIGHT) / 2, (curves.TOP + curves.BOTTOM) / 2)
    ]
