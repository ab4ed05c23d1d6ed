"""A real PostgreSQL for tests, on loopback, in a folder of its own, and MLflow's server over it."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from tests.imports import ROOT

USER, PASSWORD = "latentlab", "not-for-logs"
# Debian does not put the server's commands on the path.
PLACES = (os.environ["PATH"], *map(str, sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)))


def program(name: str) -> str | None:
    """Where one of PostgreSQL's commands lies, if it is installed."""
    return shutil.which(name, path=os.pathsep.join(PLACES))


class Cluster:
    """A PostgreSQL whose databases all have one owner."""

    def __init__(self, folder: Path) -> None:
        """Make it in an empty folder."""
        self._folder = folder
        self.port = free_port()
        # It refuses to be run by root.
        self._as: dict[str, Any] = {}
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres", "postgres")
            self._as = {"user": "postgres", "group": "postgres", "extra_groups": []}
        password = folder / "password"
        password.write_text(PASSWORD)
        options = ("--auth=scram-sha-256", "--username", USER, "--no-sync", "--pwfile", password)
        initdb: list[str | Path] = [program("initdb") or "", "--pgdata", folder / "data", *options]
        subprocess.run(initdb, capture_output=True, check=True, cwd="/", **self._as)

    def start(self) -> None:
        """Start it, and wait until it takes connections."""
        listening = ("-h", "127.0.0.1", "-p", str(self.port), "-c", "unix_socket_directories=")
        self._server = subprocess.Popen(
            [program("postgres") or "", "-D", self._folder / "data", *listening, "-c", "fsync=off"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
            **self._as,
        )
        deadline = time.monotonic() + 60
        while True:
            try:
                return psycopg.connect(self.uri("postgres")).close()
            except psycopg.OperationalError:
                if self._server.poll() is not None or time.monotonic() > deadline:
                    raise
                time.sleep(0.1)

    def stop(self) -> None:
        """Stop it at once, as a crash would."""
        self._server.send_signal(signal.SIGQUIT)
        self._server.wait()

    def create(self, database: str) -> str:
        """Make an empty database; returns its URI."""
        with psycopg.connect(self.uri("postgres"), autocommit=True) as connection:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(database)))
        return self.uri(database)

    def uri(self, database: str, password: str = PASSWORD) -> str:
        """A database's address."""
        return f"postgresql://{USER}:{password}@127.0.0.1:{self.port}/{database}"


@contextmanager
def running() -> Iterator[Cluster]:
    """A PostgreSQL that ends with the block."""
    # Not in pytest's folder, where only its own user may look.
    folder = Path(tempfile.mkdtemp())
    try:
        cluster = Cluster(folder)
        try:
            cluster.start()
            yield cluster
        finally:
            cluster.stop()
    finally:
        shutil.rmtree(folder)


class Server:
    """MLflow's server over a database, as `make mlflow-server` starts it."""

    def __init__(self, database: str, artifacts: Path) -> None:
        """Neither needs to hold anything yet."""
        self.port = free_port()
        self.log = artifacts.with_suffix(".log")
        self._database, self._artifacts = database, artifacts

    @property
    def uri(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start it, without a wait."""
        options = ("--artifacts", str(self._artifacts), "--port", str(self.port))
        with self.log.open("a") as log:
            self._server = subprocess.Popen(
                [sys.executable, "-m", "scripts.mlflow_server", *options],
                cwd=ROOT,
                env=os.environ | {"DATABASE": self._database, "PYTHONPATH": "src"},
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def wait(self) -> None:
        """Wait until it listens."""
        deadline = time.monotonic() + 120
        while self._server.poll() is None and time.monotonic() < deadline:
            try:
                return socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
            except OSError:
                time.sleep(0.2)
        raise TimeoutError(self.log.read_text())

    def kill(self) -> None:
        """End it and all of its processes with SIGKILL."""
        os.killpg(self._server.pid, signal.SIGKILL)
        self._server.wait()

    def commands(self) -> str:
        """What its processes were called with, which everyone on the machine can read."""
        listing = ["ps", "-o", "args", "-ww", "-s", str(self._server.pid)]
        return subprocess.run(listing, capture_output=True, text=True, check=True).stdout


def free_port() -> int:
    """A port on loopback at which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as reserved:
        return reserved.getsockname()[1]
