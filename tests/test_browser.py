from pathlib import Path

import pytest

from tests import browser as browsers
from tests.browser import PHONE, Visitor

PAGE = '<!doctype html><html lang="en"><title>t</title><main><h1>t</h1>{}</main></html>'


def write(folder: Path, body: str) -> Path:
    path = folder / "page.html"
    path.write_text(PAGE.format(body))
    return path


def test_a_quiet_page_passes(tmp_path: Path, visit: Visitor) -> None:
    visited = visit(write(tmp_path, '<img alt="dot" src="data:image/gif;base64,R0lGODlhAQABAAAAACw=">'))
    assert (visited.requests, visited.errors, visited.violations()) == ([], [], [])


def test_what_a_page_asks_for_and_complains_of_is_seen(tmp_path: Path, visit: Visitor) -> None:
    visited = visit(write(tmp_path, '<img src="other.png"><script>missing()</script>'))
    assert [url.rpartition("/")[2] for url in visited.requests] == ["other.png"]
    assert any("missing is not defined" in error for error in visited.errors)
    assert any(found.startswith("image-alt") for found in visited.violations())
    visited.requests.clear()
    visited.errors.clear()


def test_size_and_colours_are_as_asked(tmp_path: Path, visit: Visitor) -> None:
    visited = visit(write(tmp_path, '<p style="width: 500px">wide</p>'), size=PHONE, colours="dark")
    assert visited.overflow > 100
    assert visited.page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")


def test_without_a_browser_none_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("LATENTLAB_CHROMIUM", raising=False)
    assert browsers.executable() is None
