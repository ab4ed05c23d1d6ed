"""The explorer in a real browser: it shows what Keras decodes, and all that listens does what it says."""

from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import keras
import numpy as np
import numpy.typing as npt
import pytest

from latentlab.families.latents import explorer_arrays
from latentlab.families.latents.planes import shown_plane
from latentlab.showing.explorer import page
from latentlab.showing.explorer.page import Explored, Walked
from latentlab.trained import inference
from tests.browser import DESKTOP, PHONE, Visit, Visitor
from tests.tiny_learners import SHAPE, build_gan, build_vae, images, labels

if TYPE_CHECKING:
    from playwright.sync_api import Page

COUNT = 60
TITLES = {"vae": "VAE", "autoencoder": "Autoencoder"}
PICTURE = """canvas => {
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    return [...data].filter((_, index) => index % 4 === 0);
}"""


class Opened(NamedTuple):
    """A page, and what it was made of."""

    path: Path
    decoders: dict[str, keras.Model]
    models: dict[str, Explored]
    walks: npt.NDArray[np.uint8]


def enlivened(model: keras.Model, seed: int) -> keras.Model:
    """The model with random weights, so large that its images differ from place to place."""
    rng = np.random.default_rng(seed)
    for weight in model.trainable_variables:
        weight.assign(rng.normal(0, 0.6, weight.shape))
    return model


def explore(name: str, title: str, decoder: keras.Model, points: npt.NDArray[np.float32]) -> Explored:
    arrays = explorer_arrays.over_plane(decoder, shown_plane(points), points)
    grid = [arrays[f"explorer_{kind}"] for kind in ("images", "axes", "errors")]
    return Explored(name, title, name == "vae", False, 2, points, *grid)


@pytest.fixture(scope="module")
def explored(tmp_path_factory: pytest.TempPathFactory) -> Opened:
    """A page of two models and two GANs; class 0 lies to the left of 0 and class 1 to the right."""
    decoders = {name: enlivened(build_vae().decoder, seed) for seed, name in enumerate(TITLES)}
    points = np.abs(np.random.default_rng(0).standard_normal((COUNT, 2))).astype(np.float32)
    points[:, 0] *= np.where(labels(COUNT) == 0, -1, 1)
    models = {name: explore(name, title, decoders[name], points) for name, title in TITLES.items()}
    walks = explorer_arrays.walks(enlivened(build_gan().generator, 2), seed=5)
    path = tmp_path_factory.mktemp("explorer") / "explorer.html"
    walked = [Walked("still", "Still", False, np.zeros_like(walks[:1])), Walked("gan", "GAN", False, walks)]
    path.write_text(page.render(list(models.values()), walked, images(COUNT), labels(COUNT), 2), "utf-8")
    return Opened(path, decoders, models, walks)


def opened(visit: Visitor, explored: Opened, **options: Any) -> Visit:
    visited = visit(explored.path, **options)
    visited.page.wait_for_selector("body[data-ready]")
    return visited


@pytest.fixture
def opened_page(visit: Visitor, explored: Opened) -> "Page":
    return opened(visit, explored).page


def shown(page: "Page", selector: str = "#decoded") -> npt.NDArray[np.int64]:
    """The pixels that a canvas shows."""
    return np.array(page.locator(selector).evaluate(PICTURE)).reshape(SHAPE)


def place(page: "Page") -> npt.NDArray[np.float32]:
    """Where the shown image was decoded, (1, 2)."""
    data: Any = page.locator("#decoded").evaluate("canvas => [canvas.dataset.x, canvas.dataset.y]")
    return np.array([data], np.float32)


def point_at(page: "Page", right: float, down: float) -> tuple[float, float]:
    """Where in the window a share of the plane's width and height lies."""
    box = page.locator("#map").bounding_box()
    assert box
    return box["x"] + right * box["width"], box["y"] + down * box["height"]


@pytest.mark.parametrize(("size", "colours"), [(DESKTOP, "light"), (PHONE, "dark")])
def test_it_fits_and_keeps_nobody_out(
    visit: Visitor, explored: Opened, size: tuple[int, int], colours: str
) -> None:
    visited = opened(visit, explored, size=size, colours=colours)
    assert visited.violations() == []
    assert visited.overflow <= 0


@pytest.mark.parametrize("name", ["vae", "autoencoder"])
def test_what_is_pointed_at_is_what_keras_decodes_within_the_stated_tolerance(
    opened_page: "Page", explored: Opened, name: str
) -> None:
    opened_page.locator(f"input[value={name}]").check()
    stated = opened_page.locator(f"[data-model={name}]").get_attribute("data-tolerance")
    assert stated
    tolerance, seen = float(stated), []
    assert tolerance < 3
    for right, down in np.random.default_rng(4).uniform(0.02, 0.98, (12, 2)):
        opened_page.mouse.move(*point_at(opened_page, right, down))
        decoded = inference.generate(explored.decoders[name], place(opened_page))[0]
        seen.append(shown(opened_page))
        assert np.abs(seen[-1] - decoded).mean() <= tolerance
    # Images differ from place to place by far more, so that a wrong place would be found out.
    assert np.abs(np.diff(seen, axis=0)).mean() > 4 * tolerance


def test_arrow_keys_go_from_grid_point_to_grid_point_which_are_exact(
    opened_page: "Page", explored: Opened
) -> None:
    axes, grid = explored.models["vae"].axes, explored.models["vae"].images
    opened_page.locator("#map").focus()
    row = column = 30
    for key, right, up in (
        ("ArrowRight", 1, 0),
        ("Shift+ArrowUp", 0, 5),
        ("ArrowDown", 0, -1),
        ("Shift+ArrowLeft", -5, 0),
    ):
        opened_page.keyboard.press(key)
        column, row = column + right, row + up
        np.testing.assert_allclose(place(opened_page), [[axes[0, column], axes[1, row]]], rtol=1e-5)
        assert np.array_equal(shown(opened_page), grid[row, column])
    decoded = inference.generate(explored.decoders["vae"], np.array([[axes[0, column], axes[1, row]]]))
    assert np.array_equal(shown(opened_page), decoded[0])


def test_large_images_are_shown_and_one_tile_has_the_middle_of_the_plane(
    visit: Visitor, tmp_path: Path
) -> None:
    grid = np.zeros((7, 7, 256, 256, 1), np.uint8)
    grid[3, 3] = 255
    axes, points = (
        np.tile(np.linspace(-1, 1, 7, dtype=np.float32), (2, 1)),
        np.full((COUNT, 2), 0.9, np.float32),
    )
    model = Explored("vae", "VAE", True, False, 2, points, grid, axes, np.zeros((6, 6), np.float32))
    path = tmp_path / "explorer.html"
    tests = np.zeros((COUNT, 256, 256, 1), np.uint8)
    path.write_text(page.render([model], [], tests, np.zeros(COUNT, np.uint8), 1), "utf-8")
    visited = visit(path)
    visited.page.wait_for_selector("body[data-ready]")
    assert visited.errors == []
    visited.page.mouse.click(*point_at(visited.page, 0.5, 0.5))
    assert np.mean(visited.page.locator("#decoded").evaluate(PICTURE)) > 250
    drawn = "() => document.querySelector('#map').toDataURL()"
    with_tiles = visited.page.evaluate(drawn)
    visited.page.locator("#tiles").uncheck()
    assert visited.page.evaluate(drawn) != with_tiles


def test_keys_stop_at_the_edge_and_what_is_shown_is_said(opened_page: "Page", explored: Opened) -> None:
    opened_page.locator("#map").focus()
    for _ in range(7):
        opened_page.keyboard.press("Shift+ArrowRight")
    assert place(opened_page)[0, 0] == pytest.approx(explored.models["vae"].axes[0, -1], rel=1e-5)
    said = opened_page.locator("#announcement")
    opened_page.wait_for_function("document.querySelector('#announcement').textContent.includes('Outside')")
    assert said.get_attribute("aria-live") == "polite"
    assert "of class 1," in said.inner_text()


def test_a_mouse_previews_and_a_click_stays(opened_page: "Page") -> None:
    first = place(opened_page)
    opened_page.mouse.move(*point_at(opened_page, 0.2, 0.3))
    assert not np.allclose(place(opened_page), first)
    opened_page.mouse.move(2, 2)
    assert np.array_equal(place(opened_page), first)
    opened_page.mouse.click(*point_at(opened_page, 0.2, 0.3))
    clicked = place(opened_page)
    opened_page.mouse.move(2, 2)
    assert np.array_equal(place(opened_page), clicked)
    assert not np.allclose(clicked, first)


def test_a_finger_moves_the_place(visit: Visitor, explored: Opened) -> None:
    page = opened(visit, explored, size=PHONE, touch=True).page
    page.locator("#map").scroll_into_view_if_needed()
    finger = page.context.new_cdp_session(page)
    places = []
    for kind, right in (("touchStart", 0.3), ("touchMove", 0.5), ("touchMove", 0.7)):
        x, y = point_at(page, right, 0.5)
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
        page.evaluate("() => new Promise(requestAnimationFrame)")
        places.append(place(page)[0, 0])
    finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    assert places[0] < places[1] < places[2]
    assert place(page)[0, 0] == places[2]


def test_classes_that_are_not_shown_are_neither_drawn_nor_near(opened_page: "Page", explored: Opened) -> None:
    drawn = "() => document.querySelector('#map').toDataURL()"
    both = opened_page.evaluate(drawn)
    opened_page.mouse.click(*point_at(opened_page, 0.3, 0.4))
    assert "of class 0," in opened_page.locator("#verdict").inner_text()
    opened_page.locator("#classes input[value='0']").uncheck()
    assert "of class 1," in opened_page.locator("#verdict").inner_text()
    assert opened_page.evaluate(drawn) != both
    opened_page.locator("#none").click()
    assert opened_page.locator("#verdict").inner_text() == "No class is shown."
    assert opened_page.locator("#neighbours canvas:visible").count() == 0
    opened_page.locator("#all").click()
    assert opened_page.locator("#classes input:checked").count() == 2
    assert opened_page.locator("#neighbours canvas:visible").count() == page.NUM_NEIGHBOURS


def test_a_walk_goes_from_one_test_image_to_the_other(opened_page: "Page", explored: Opened) -> None:
    points, decoder = explored.models["vae"].points, explored.decoders["vae"]
    tolerance = float(explored.models["vae"].errors.max())
    opened_page.locator("#map").focus()
    ends = []
    for key, right in (("a", 0.3), ("b", 0.7)):
        opened_page.mouse.click(*point_at(opened_page, right, 0.35))
        ends.append(points[np.linalg.norm(points - place(opened_page), axis=1).argmin()])
        opened_page.keyboard.press(key)
    slider = opened_page.locator("#image-walk input[type=range]")
    for value, share in (("0", 0), ("50", 0.25), ("200", 1)):
        slider.fill(value)
        latent = (1 - share) * ends[0] + share * ends[1]
        decoded = inference.generate(decoder, latent[np.newaxis])[0]
        assert np.abs(shown(opened_page, "#image-walk .current") - decoded).mean() <= tolerance
    assert slider.get_attribute("aria-valuetext") == "100 % of the way from A to B"
    classes = opened_page.locator("#image-walk .class").all_inner_texts()
    assert classes == ["class 0", "class 1"]


def test_play_walks_to_the_end(opened_page: "Page") -> None:
    slider = opened_page.locator("#walk-gan input[type=range]")
    slider.fill("20")
    opened_page.locator("#walk-gan .play").click()
    assert opened_page.locator("#walk-gan .play").inner_text() == "Pause"
    opened_page.wait_for_function("document.querySelector('#walk-gan .play').textContent === 'Play'")
    assert slider.input_value() == "24"


def test_the_gan_walks_between_any_two_samples_to_the_bit(opened_page: "Page", explored: Opened) -> None:
    """Pairs are (0, 1) to (0, 7), then (1, 2) and so on: that of samples 2 and 4 is the fifteenth."""
    slider, current = opened_page.locator("#walk-gan input[type=range]"), "#walk-gan .current"
    assert len(np.unique(explored.walks[14], axis=0)) == 25
    choices = [opened_page.locator(f"input[name=walk-gan-{end}]") for end in (0, 1)]
    for start, end, steps in ((2, 4, (0, 9, 24)), (4, 2, (24, 15, 0))):
        choices[0].nth(start).check()
        choices[1].nth(end).check()
        for value, step in zip((0, 9, 24), steps, strict=True):
            slider.fill(str(value))
            assert np.array_equal(shown(opened_page, current), explored.walks[14, step])
    choices[0].nth(2).check()
    slider.fill("12")
    assert np.array_equal(shown(opened_page, current), explored.walks[14, 0])


def test_without_walks_the_page_is_whole(visit: Visitor, explored: Opened, tmp_path: Path) -> None:
    path = tmp_path / "explorer.html"
    models = list(explored.models.values())
    path.write_text(page.render(models, [], images(COUNT), labels(COUNT), 2), "utf-8")
    visited = visit(path)
    visited.page.wait_for_selector("body[data-ready]")
    assert visited.page.locator(".walk").count() == 1


def test_a_draw_of_the_prior_moves_the_place(opened_page: "Page") -> None:
    first = place(opened_page)
    opened_page.locator("#draw").click()
    assert not np.allclose(place(opened_page), first)


def test_hints_belong_to_the_model(opened_page: "Page") -> None:
    hints = {name: opened_page.locator(f"[data-for={name}]:visible") for name in TITLES}
    assert (hints["vae"].count(), hints["autoencoder"].count()) == (2, 0)
    opened_page.locator("input[value=autoencoder]").check()
    assert (hints["vae"].count(), hints["autoencoder"].count()) == (0, 2)


def test_the_tab_key_meets_all_in_order_and_shows_where_it_is(opened_page: "Page") -> None:
    """A choice of one among several is one stop."""
    focus = """() => {
        const { id, name, type, className, textContent } = document.activeElement;
        const shown = document.activeElement.closest("label") ?? document.activeElement;
        const outline = (element) => getComputedStyle(element).outlineStyle;
        return [id || name || className || textContent || type, outline(shown)];
    }"""
    stops: list[str] = []
    while not stops or stops[-1] != "play":
        opened_page.keyboard.press("Tab")
        stop, outline = opened_page.evaluate(focus)
        stops.append(stop)
        assert outline == "solid", stop
    where = ["model", "map", "checkbox", "checkbox", "all", "none", "draw", "tiles"]
    assert stops == [*where, *["Take the place above"] * 2, "play"]
