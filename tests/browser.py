"""Pages of the pipeline in a real browser: Debian's Chromium, headless, driven by Playwright.

A plugin of pytest, which `conftest.py` names. The browser lives as long as one file of tests: while it does,
an event loop runs in this thread, which other tests must not meet.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import pytest

if TYPE_CHECKING:  # loaded by the tests that open a page alone
    from playwright.sync_api import Browser, Page

NAMES = ("chromium", "chromium-browser", "google-chrome")
SERIOUS = {"serious", "critical"}
PHONE = (390, 844)
DESKTOP = (1280, 900)
# Shared memory may be small in a container.
ARGUMENTS = ("--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu")


@dataclass
class Visit:
    """A page that was opened, and what it did.

    Attributes:
        page: Playwright's page.
        requests: the addresses it asked for over a network or from other files; none is expected.
        errors: what it wrote to the console as an error or a warning, and exceptions that nothing caught.
    """

    page: "Page"
    requests: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    @property
    def overflow(self) -> int:
        """How many pixels the page is wider than its window."""
        return int(self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))

    def violations(self) -> list[str]:
        """What axe finds that keeps people out: serious and critical rules, and where they are broken."""
        from axe_playwright_python.sync_playwright import Axe

        found: list[dict[str, Any]] = Axe().run(self.page).response["violations"]
        return [
            f"{rule['id']}: {node['target']}: {node['failureSummary']}"
            for rule in found
            if rule["impact"] in SERIOUS
            for node in rule["nodes"]
        ]


Visitor = Callable[..., Visit]


@pytest.fixture(scope="module")
def browser() -> Iterator["Browser"]:
    """A headless browser for one file of tests."""
    path = executable()
    if path is None:
        pytest.skip(f"no browser: none of {', '.join(NAMES)} is installed (apt-get install chromium)")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        yield browser
        browser.close()


@pytest.fixture
def visit(browser: "Browser") -> Iterator[Visitor]:
    """Opens files as pages; in the end none may have asked for anything else or complained.

    ``visit(path, size=PHONE, colours="dark", touch=True)`` gives a ``Visit`` with the page loaded.
    """
    visits: list[Visit] = []

    def open_file(
        path: Path,
        size: tuple[int, int] = DESKTOP,
        colours: Literal["light", "dark"] = "light",
        touch: bool = False,
    ) -> Visit:
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]}, color_scheme=colours, has_touch=touch
        )
        visit = _watch(context.new_page(), path.resolve().as_uri())
        visits.append(visit)
        visit.page.goto(path.resolve().as_uri())
        return visit

    yield open_file
    for visit in visits:
        visit.page.context.close()
    assert [visit.requests for visit in visits if visit.requests] == []
    assert [visit.errors for visit in visits if visit.errors] == []


def executable() -> str | None:
    """The path of a browser; LATENTLAB_CHROMIUM names one that lies elsewhere."""
    found = (shutil.which(name) for name in NAMES)
    return os.environ.get("LATENTLAB_CHROMIUM") or next((path for path in found if path), None)


def _watch(page: "Page", address: str) -> Visit:
    visit = Visit(page)
    inner = (address, "data:", "blob:")
    page.on("request", lambda sent: None if sent.url.startswith(inner) else visit.requests.append(sent.url))
    page.on("pageerror", lambda error: visit.errors.append(str(error)))
    page.on(
        "console",
        lambda said: visit.errors.append(said.text) if said.type in ("error", "warning") else None,
    )
    return visit
