"""The page in a real browser, from its file: for every hand and eye, and on paper."""

from pathlib import Path

import pytest

from latentlab.core import artifacts
from stages import report
from tests.browser import PHONE, Visit, Visitor
from tests.showing.report import pipeline_outputs


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report on a made-up result."""
    folder = tmp_path_factory.mktemp("result")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        pipeline_outputs.write()
        report.main()
    return folder / artifacts.REPORT


def shown_grids(visit: Visit) -> list[str]:
    return [
        grid.get_attribute("data-name") or ""
        for grid in visit.page.query_selector_all("li[data-name]:visible")
    ]


def readout(visit: Visit, chart: int = 0) -> str:
    return " ".join(visit.page.locator(".readout").nth(chart).inner_text().split())


def test_the_slider_steps_through_the_epochs(page: Path, visit: Visitor) -> None:
    visited = visit(page)
    assert shown_grids(visited) == ["epoch 12"]
    slider = visited.page.locator("input[type=range]")
    slider.focus()
    visited.page.keyboard.press("ArrowLeft")
    assert shown_grids(visited) == ["epoch 3"]
    assert slider.get_attribute("aria-valuetext") == "epoch 3"
    slider.fill("0")
    assert shown_grids(visited) == ["epoch 1"]


def test_curves_tell_the_values_under_the_pointer(page: Path, visit: Visitor) -> None:
    visited = visit(page)
    assert readout(visited) == "epoch 12 training 0.0833 validation 0.167"
    drawing = visited.page.locator(".chart svg").first
    drawing.scroll_into_view_if_needed()
    box = drawing.bounding_box()
    assert box
    # The left edge of the plane, which lies at 48 of 360.
    visited.page.mouse.move(box["x"] + box["width"] * 50 / 360, box["y"] + box["height"] / 2)
    assert readout(visited) == "epoch 1 training 1 validation 2"
    # The other curves of this training go along, those of another do not.
    assert readout(visited, 1).startswith("epoch 1 ")
    assert readout(visited, 3).startswith("epoch 12 ")


def test_curves_answer_to_arrow_keys(page: Path, visit: Visitor) -> None:
    visited = visit(page)
    chart = visited.page.locator(".chart").first
    chart.focus()
    for key in ("Home", "ArrowRight"):
        visited.page.keyboard.press(key)
    assert readout(visited) == "epoch 2 training 0.5 validation 1"
    assert chart.get_attribute("aria-valuetext") == "epoch 2: training 0.5, validation 1"
    visited.page.keyboard.press("End")
    assert chart.get_attribute("aria-valuenow") == "12"


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_nobody_is_kept_out(page: Path, visit: Visitor, colours: str) -> None:
    visited = visit(page, colours=colours)
    visited.page.evaluate("document.querySelectorAll('details').forEach((folded) => folded.open = true)")
    assert visited.violations() == []


def test_light_and_dark_differ(page: Path, visit: Visitor) -> None:
    grounds = [
        visit(page, colours=colours).page.evaluate("getComputedStyle(document.body).backgroundColor")
        for colours in ("light", "dark")
    ]
    assert grounds == ["rgb(251, 250, 248)", "rgb(19, 19, 22)"]


def test_a_phone_shows_all_of_its_width(page: Path, visit: Visitor) -> None:
    visited = visit(page, size=PHONE, touch=True)
    assert visited.overflow <= 0
    visited.page.locator(".chart svg").first.tap()
    assert readout(visited) != "epoch 12 training 0.0833 validation 0.167"


def test_paper_keeps_everything(page: Path, visit: Visitor) -> None:
    visited = visit(page)
    visited.page.evaluate("dispatchEvent(new Event('beforeprint'))")
    visited.page.emulate_media(media="print")
    assert shown_grids(visited) == ["epoch 1", "epoch 3", "epoch 12"]
    folded = visited.page.locator("details .plain")
    assert [folded.nth(index).is_visible() for index in range(folded.count())] == [True, True]
    visited.page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert visited.page.locator("details[open]").count() == 0
