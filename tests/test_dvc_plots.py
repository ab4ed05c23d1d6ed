"""The page of `dvc plots`, drawn by a real browser with no network."""

import json
import re
from pathlib import Path

from dvc_render.html import render_html
from dvc_render.image import ImageRenderer
from dvc_render.vega import VegaRenderer

from tests.browser import Visitor
from tests.imports import ROOT

VENDOR = ROOT / "vendor" / "vega"
TEMPLATE = VENDOR / "dvc-plots.html"
PIXEL = (
    "data:image;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNg"
    "AAAAAgABSK+kcQAAAABJRU5ErkJggg=="
)


def test_dvc_takes_the_template() -> None:
    [path] = re.findall(r"html_template = (.+)", (ROOT / ".dvc" / "config").read_text())
    assert (ROOT / ".dvc" / path).resolve() == TEMPLATE


def test_the_template_is_built_from_what_is_pinned() -> None:
    pinned = json.loads((VENDOR / "package.json").read_text())["dependencies"]
    page = TEMPLATE.read_text()
    assert dict(re.findall(r"^<!-- (\S+) (\S+) -->$", page, re.MULTILINE)) == pinned
    locked = json.loads((VENDOR / "package-lock.json").read_text())["packages"]
    assert {name: locked[f"node_modules/{name}"]["version"] for name in pinned} == pinned
    assert not [package for package in locked.values() if "resolved" in package]
    # All that is not a script is the template as it is edited.
    without_scripts = re.sub(
        r"(<!-- \S+ \S+ -->\n<script>.*?</script>\n?)+", "<!-- scripts -->\n", page, flags=re.S
    )
    assert without_scripts == (VENDOR / "template.html").read_text()


def test_the_page_draws_curves_bars_and_images_with_no_network(tmp_path: Path, visit: Visitor) -> None:
    curve = [{"epoch": epoch, "loss": 1 / epoch, "rev": rev} for rev in ("a", "b") for epoch in (1, 2, 3)]
    bars = [{"images": name, "distance": 1.0, "rev": "a"} for name in ("vae", "gan")]
    renderers = [
        VegaRenderer(curve, "curve", x="epoch", y="loss"),
        VegaRenderer(bars, "bars", x="distance", y="images", template="bar_horizontal"),
        ImageRenderer([{"rev": rev, "src": PIXEL} for rev in ("a", "b")], "figure.png"),
    ]
    page = Path(render_html(renderers, tmp_path / "index.html", TEMPLATE))
    visited = visit(page)
    visited.page.wait_for_function("document.querySelectorAll('canvas.marks, svg.marks').length == 2")
    first, second = (image.bounding_box() for image in visited.page.locator("main img").all())
    assert first
    assert second
    assert first["y"] == second["y"]
    # What Vega says of DVC's own templates, which draw an empty layer.
    visited.errors[:] = [said for said in visited.errors if "WARN" not in said]
