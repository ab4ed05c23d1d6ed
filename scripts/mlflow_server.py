"""Starts MLflow's server for a team: runs in a shared database, models and figures in a folder of its own.

The database's URI comes in the environment's DATABASE and is handed on there, since everyone on the machine
can read what a command was called with.
"""

import argparse
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from latentlab.tracking import addresses, postgresql

# Nobody is asked for a password there, so the server is for this machine alone, and for tunnels to it.
HOST = "127.0.0.1"
# The pages alone, without the processes that run judges of language models.
QUIET = {"MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false", "MLFLOW_DISABLE_TELEMETRY": "true"}


def main() -> None:
    """Serve until Ctrl-C."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--artifacts", required=True, type=Path, help="folder for models, figures and pages")
    parser.add_argument("--port", type=port_number, default=5000)
    options = parser.parse_args()
    require_free(options.port, "make mlflow-server PORT=5002")
    uri = os.environ.get("DATABASE", "")
    if not addresses.is_postgresql(uri):
        sys.exit("error: DATABASE: expected postgresql://user@host/database, got something else or nothing.")
    try:
        postgresql.require(uri)
    except ConnectionError as error:
        sys.exit(f"error: {error}. Correct DATABASE; a password may also stand in PGPASSWORD or ~/.pgpass.")
    folder = addresses.of_folder(options.artifacts.resolve())
    settings = {"MLFLOW_BACKEND_STORE_URI": uri, "MLFLOW_ARTIFACTS_DESTINATION": folder}
    address = f"http://{HOST}:{options.port}"
    sys.exit(serve(options.port, settings, lambda: print(f"\nMLFLOW_TRACKING_URI={address}\n", flush=True)))


def serve(port: int, settings: Mapping[str, str], when_up: Callable[[], None]) -> int:
    """Run the server until it ends; returns its exit code.

    Args:
        port: where it listens, on this machine alone.
        settings: what it is told by its environment.
        when_up: called once it listens.
    """
    command = ["mlflow", "server", "--workers", "1", "--host", HOST, "--port", str(port)]
    with subprocess.Popen(
        [sys.executable, "-m", *command], env={**os.environ, **QUIET, **settings}
    ) as server:
        signal.signal(signal.SIGTERM, lambda *_: server.terminate())
        try:
            if _wait_for(server, port):
                when_up()
            server.wait()
        except KeyboardInterrupt:
            server.wait()
    return server.returncode


def port_number(text: str) -> int:
    """A port from what was typed."""
    number = int(text)
    if not 1 <= number <= 65535:
        raise argparse.ArgumentTypeError(f"expected 1 to 65535, got {number}")
    return number


def require_free(port: int, other: str) -> None:
    """Leave if something listens at a port of this machine; ``other`` is how to choose another one."""
    with socket.socket() as candidate:
        if not candidate.connect_ex((HOST, port)):
            sys.exit(f"error: port {port} is taken: choose another one, as with `{other}`.")


def _wait_for(server: "subprocess.Popen[bytes]", port: int) -> bool:
    """Whether the server listens at last, or has ended."""
    while server.poll() is None:
        try:
            socket.create_connection((HOST, port), timeout=1).close()
        except OSError:
            time.sleep(0.2)
        else:
            return True
    return False


if __name__ == "__main__":
    main()
