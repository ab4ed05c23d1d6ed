"""Starts MLflow's pages over the store that the stages write to, and opens the one with a row a result."""

import os
import signal
import socket
import subprocess
import sys
import time
import webbrowser

from latentlab.summary import experiment_page
from latentlab.tracking import store

HOST, PORT = "127.0.0.1", 5000
ADDRESS = ("--host", HOST, "--port", str(PORT))
# The pages alone, without the processes that run judges of language models.
QUIET = {"MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false"}


def main() -> None:
    """Serve until Ctrl-C."""
    if store.uri().startswith(("http:", "https:")):
        sys.exit(f"The runs are at {store.uri()}")
    page = f"http://{HOST}:{PORT}/{experiment_page.address(store.connect())}"
    command = ["mlflow", "server", "--backend-store-uri", store.uri(), "--workers", "1", *ADDRESS]
    with subprocess.Popen([sys.executable, "-m", *command], env=os.environ | QUIET) as server:
        signal.signal(signal.SIGTERM, lambda *_: server.terminate())
        try:
            _wait_for(server)
            print(f"\nA row for each result: {page}\n", flush=True)
            if os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY") or sys.platform == "darwin":
                webbrowser.open(page)
            server.wait()
        except KeyboardInterrupt:
            server.wait()
    sys.exit(server.returncode)


def _wait_for(server: "subprocess.Popen[bytes]") -> None:
    """Wait until the server listens, or has ended."""
    while server.poll() is None:
        try:
            socket.create_connection((HOST, PORT), timeout=1).close()
        except OSError:
            time.sleep(0.2)
        else:
            return


if __name__ == "__main__":
    main()
