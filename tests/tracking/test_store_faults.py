"""A store that is locked, damaged or of another version, and a server that dies or hangs meanwhile."""

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from latentlab.tracking import live, stage_runs, store, tracker
from tests.tracking.pipeline_outputs import REPOSITORY, SAID, history, load_result, run_track, runs
from tests.tracking.ports import free_port, wait_for

Broken = Callable[[Path], None]


def garble(database: Path) -> None:
    database.write_bytes(b"no database " * 1000)


def execute(database: Path, *statements: str) -> None:
    with closing(sqlite3.connect(database)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()


def of_another_version(database: Path) -> None:
    execute(database, "UPDATE alembic_version SET version_num = '451aebb31d03'")


def half_migrated(database: Path) -> None:
    of_another_version(database)
    execute(database, "DROP TABLE tags", "DROP TABLE latest_metrics")


def train() -> None:
    """A training of three epochs that reports to MLflow."""
    stage = stage_runs.describe("train_vae")
    with live.stage_run(stage.name, key=stage.key, params=stage.params, data=stage.data) as run:
        for epochs in range(4):
            run.log_history(history(epochs))


def track() -> None:
    tracker.track(load_result())


@pytest.mark.parametrize("call", [train, track])
@pytest.mark.parametrize("breaks", [garble, of_another_version, half_migrated])
def test_a_broken_database_is_one_warning(
    breaks: Broken, call: Callable[[], None], database: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    breaks(database)
    call()
    said = capfd.readouterr().err
    assert said.startswith("warning: MLflow cannot be used: ")
    assert "Traceback" not in said
    assert said.count("\n") == 1


def test_a_database_whose_making_was_killed_is_made_again(project: Path) -> None:
    """Killed at a random moment of the making, which takes three quarters of a second or more."""
    connect = "from latentlab.tracking import store; store.connect()"
    new = project / "mlflow.db.new"
    environment = os.environ | {"PYTHONPATH": str(REPOSITORY / "src")}
    with subprocess.Popen([sys.executable, "-c", connect], env=environment) as process:
        while not new.exists():
            assert process.poll() is None
            time.sleep(0.01)
        time.sleep(random.Random().uniform(0, 0.4))
        process.kill()
    assert not (project / "mlflow.db").exists()
    opened = store.connect()
    assert opened.client.get_experiment(opened.stages).name == "stages"
    assert not list(project.glob("mlflow.db.new*"))


def test_by_windows_settings_a_new_database_is_closed_when_it_gets_its_name(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Or Windows would refuse it; only Linux tells which files a process has open."""
    for name, value in store.OF_WINDOWS.items():
        monkeypatch.setenv(name, value)
    held: list[list[str]] = []
    replace = Path.replace

    def watched(path: Path, target: Path) -> Path:
        descriptors = Path("/proc/self/fd").iterdir()
        held.append([name for each in descriptors if (name := os.path.realpath(each)).startswith(str(path))])
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", watched)
    store.connect()
    assert held == [[]]


@contextmanager
def locked(database: Path) -> Iterator[None]:
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("BEGIN EXCLUSIVE")
        yield


def test_a_locked_database_is_waited_for_within_limits(
    database: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    started = time.monotonic()
    with locked(database):
        train()
    assert time.monotonic() - started < 30
    assert capfd.readouterr().err.count("warning: MLflow cannot be used: ") == 1
    # Another process, as it really is: in this one, a call still waits for the database.
    assert run_track().communicate(timeout=120) == (SAID, "")
    query = "SELECT count(*) FROM tags WHERE key = 'latentlab.complete'"
    with closing(sqlite3.connect(database)) as connection:
        assert connection.execute(query).fetchone() == (3,)


def test_a_database_that_is_deleted_meanwhile_stops_nothing(database: Path) -> None:
    stage = stage_runs.describe("train_vae")
    with live.stage_run(stage.name, key=stage.key, params=stage.params, data=stage.data) as run:
        assert run.run_id
        run.log_history(history(1))
        database.unlink()
        run.log_history(history(3))


@contextmanager
def served(database: Path) -> Iterator[tuple[str, int]]:
    """The address of a real server over the database, and its process group."""
    port = free_port()
    command = [sys.executable, "-m", "mlflow", "server", "--backend-store-uri", f"sqlite:///{database}"]
    quiet = {"MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false", "MLFLOW_DISABLE_TELEMETRY": "true"}
    server = subprocess.Popen(
        [*command, "--workers", "1", "--host", "127.0.0.1", "--port", str(port)],
        env=os.environ | quiet,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        wait_for(port)
        yield f"http://127.0.0.1:{port}", server.pid
    finally:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()


def test_a_server_that_hangs_and_then_dies(
    database: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """One test, since a server takes long to start."""
    stage = stage_runs.describe("train_vae")

    def train_and_signal(number: signal.Signals) -> str | None:
        with live.stage_run(stage.name, key=stage.key, params=stage.params, data=stage.data) as run:
            run_id = run.run_id
            run.log_history(history(1))
            os.killpg(server, number)
            for epochs in (2, 3):
                run.log_history(history(epochs))
        return run_id

    with served(database) as (address, server):
        monkeypatch.setenv("MLFLOW_TRACKING_URI", address)
        started = time.monotonic()
        run_id = train_and_signal(signal.SIGSTOP)
        assert run_id
        assert time.monotonic() - started < 40
        assert capfd.readouterr().err.count("warning: MLflow cannot be used: ") == 1
        os.killpg(server, signal.SIGCONT)
        track()
        assert capfd.readouterr().err == ""
        [row] = runs("pipeline")
        assert row.data.tags["run.train_vae"] == run_id
        assert store.is_complete(row)
        started = time.monotonic()
        train_and_signal(signal.SIGKILL)
        assert time.monotonic() - started < 40
        assert capfd.readouterr().err.count("warning: MLflow cannot be used: ") == 1
