"""The page with a row for each result opens on what was trained, in MLflow's own pages too."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from latentlab.tracking import experiment_page, store, tracker
from scripts import ui
from scripts.mlflow_server import QUIET
from tests.tracking.pipeline_outputs import load_result
from tests.tracking.ports import free_port, wait_for

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# So wide that no column is left out for want of room.
WINDOW = (2600, 900)
HEADERS = "heads => heads.map(head => [Number(head.ariaColIndex), head.getAttribute('col-id')])"
PRESET, CHANGED = "tags.`preset`", "tags.`changed`"


def view() -> dict[str, list[str]]:
    """What MLflow is told to show."""
    opened = store.connect()
    return json.loads(opened.client.get_experiment(opened.pipeline).tags["mlflow.sharedViewState.headlines"])


@pytest.fixture
def address(database: Path) -> Iterator[str]:
    """A real server over a store with a row."""
    tracker.track(load_result())
    port = free_port()
    command = ["mlflow", "server", "--workers", "1", "--port", str(port), "--backend-store-uri", store.uri()]
    server = subprocess.Popen(
        [sys.executable, "-m", *command],
        env=os.environ | QUIET,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        wait_for(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()


def test_the_page_has_an_address_of_its_own_once_there_is_a_row(database: Path) -> None:
    opened = store.connect()
    page = f"#/experiments/{opened.pipeline}/runs?workflowType=machine_learning"
    assert experiment_page.address(opened) == page
    tracker.track(load_result())
    assert experiment_page.address(opened) == f"{page}&viewStateShareKey=headlines"
    assert view()["selectedColumns"] == [PRESET, CHANGED, "metrics.`vae.kernel_distance`"]
    note = opened.client.get_experiment(opened.pipeline).tags["mlflow.note.content"]
    assert "- kernel distance (lower is better)" in note


def test_columns_are_ten_with_one_score_of_each_model(database: Path) -> None:
    scores = {
        "kernel_distance": ("one", "two", "samplers.one.mixture"),
        "kl_nats": ("one", "three"),
        "recall": [str(number) for number in range(9)],
    }
    models = [(name, dict.fromkeys(models, 0.5)) for name, models in scores.items()]
    experiment_page.arrange(store.connect(), models)
    columns = view()["columnOrder"]
    assert len(columns) == 10
    assert columns[2:7] == [
        PRESET,
        CHANGED,
        "metrics.`one.kernel_distance`",
        "metrics.`two.kernel_distance`",
        "metrics.`three.kl_nats`",
    ]
    assert set(view()["columnWidths"]) == set(view()["selectedColumns"]) == set(columns[2:-1])


def test_mlflow_heeds_it_in_a_browser(
    address: str,
    browser: "Browser",
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """By the address that `make ui` names for a server of a user's own."""
    for screen in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(screen, raising=False)
    monkeypatch.setenv("MLFLOW_TRACKING_URI", address)
    monkeypatch.setattr(sys, "argv", ["ui.py"])
    ui.main()
    [_, page] = capsys.readouterr().out.strip().split(": ")
    with browser.new_context(viewport={"width": WINDOW[0], "height": WINDOW[1]}) as context:
        opened = context.new_page()
        opened.goto(page)
        opened.wait_for_selector(f'[col-id="{PRESET}"][aria-colindex="4"]')
        found = dict(opened.eval_on_selector_all(".ag-header-cell[col-id]", HEADERS))
    shown = [found[place] for place in sorted(found)]
    assert shown[-5:] == ["runDateAndNestInfo", PRESET, CHANGED, "metrics.`vae.kernel_distance`", "duration"]
    assert shown[-6] == "attributes.`Run Name`"


def test_a_server_that_is_down_is_one_line(refusing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", refusing)
    monkeypatch.setattr(sys, "argv", ["ui.py"])
    with pytest.raises(SystemExit, match=f"^error: MLflow cannot be used: .*{refusing}"):
        ui.main()


def test_a_port_of_somebody_else_is_not_taken_for_its_own(
    address: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    port = address.rpartition(":")[2].rstrip("/")
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{tmp_path}/mlflow.db")
    monkeypatch.setattr(sys, "argv", ["ui.py", "--port", port])
    with pytest.raises(SystemExit, match=f"error: port {port} is taken.*`make ui PORT=5002`"):
        ui.main()
