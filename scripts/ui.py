"""Starts MLflow's pages over the store that the stages write to, and opens the one with a row a result."""

import argparse
import os
import sys
import webbrowser

from latentlab.tracking import addresses, background, experiment_page, store
from scripts.mlflow_server import HOST, port_number, require_free, serve


def main() -> None:
    """Serve until Ctrl-C, but where a server of the user's own has the pages already."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=port_number, default=5000)
    port = parser.parse_args().port
    mlflow = store.load_mlflow()
    served = addresses.is_server(store.uri())
    if not served:
        require_free(port, "make ui PORT=5002")
    server = store.uri().rstrip("/") if served else f"http://{HOST}:{port}"
    try:
        page = f"{server}/{experiment_page.address(store.connect())}"
    except (ConnectionError, mlflow.exceptions.MlflowException) as error:
        sys.exit(f"error: MLflow cannot be used: {background.brief(str(error))}")
    if served:
        show(page)
    else:
        sys.exit(serve(port, {"MLFLOW_BACKEND_STORE_URI": store.uri()}, lambda: show(page)))


def show(page: str) -> None:
    """Name the page, and open it where there is a screen."""
    print(f"\nA row for each result: {addresses.hide_password(page)}\n", flush=True)
    screen = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    if screen or sys.platform in ("darwin", "win32"):
        webbrowser.open(page)


if __name__ == "__main__":
    main()
