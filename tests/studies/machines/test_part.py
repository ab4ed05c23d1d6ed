"""What Ray runs on a machine beside the first."""

import json
import os
import socket
from pathlib import Path

import pytest

from studies.machines import part

# Shows what it was given, and fails for want of data.
STAGE = """
import json, os, sys
print(json.dumps({"name": sys.argv[1], **os.environ}))
sys.exit("\\nerror: data/prepared is missing.") if "FAIL" in os.environ else None
"""


@pytest.fixture
def port() -> int:
    """One that is free."""
    with socket.create_server(("", 0)) as server:
        number: int = server.getsockname()[1]
    return number


@pytest.fixture
def clone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository whose stage writes what it was given to a file."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "stages").mkdir()
    (tmp_path / part.SCRIPT).write_text(STAGE.replace("print(", "open('given', 'w').write("))
    return tmp_path


def test_the_stage_is_told_what_it_must_know_and_nothing_of_ray(
    clone: Path, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    monkeypatch.setenv("RAY_JOB", "a")
    assert part.run("gan", port, {"TOLD": "b"}) == ""
    given = json.loads((clone / "given").read_text())
    assert (given["name"], given["TOLD"], given["PATH"]) == ("gan", "b", os.environ["PATH"])
    assert not {"OMP_NUM_THREADS", "RAY_JOB"} & set(given)


def test_what_a_stage_said_last_is_told(clone: Path, port: int) -> None:
    assert part.run("gan", port, {"FAIL": "1"}) == "exit code 1\ndata/prepared is missing."


def test_a_stage_that_is_killed_is_told(clone: Path, port: int) -> None:
    (clone / part.SCRIPT).write_text("import os; os.kill(os.getpid(), 9)")
    assert part.run("gan", port, {}) == "exit code -9"


def test_a_folder_that_is_no_clone_is_named(
    tmp_path: Path, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert part.run("gan", port, {}) == (
        f"expected Ray to have been started in a clone of the repository, got {tmp_path}"
    )


def test_a_port_that_is_taken_is_named(clone: Path) -> None:
    with socket.create_server(("", 0)) as server:
        taken = server.getsockname()[1]
        assert part.run("gan", taken, {}).startswith(f"port {taken} cannot be used: ")
    assert not (clone / "given").exists()
