"""Starts MLflow's pages over the store that the stages write to, and opens the one with a row a result."""

import os
import sys
import webbrowser

from latentlab.tracking import addresses, experiment_page, store
from scripts.mlflow_server import HOST, serve

PORT = 5000


def main() -> None:
    """Serve until Ctrl-C."""
    if addresses.is_server(store.uri()):
        sys.exit(f"The runs are at {addresses.hide_password(store.uri())}")
    try:
        page = f"http://{HOST}:{PORT}/{experiment_page.address(store.connect())}"
    except ConnectionError as error:
        sys.exit(f"error: {error}")
    sys.exit(serve(PORT, {"MLFLOW_BACKEND_STORE_URI": store.uri()}, lambda: show(page)))


def show(page: str) -> None:
    """Name the page, and open it where there is a screen."""
    print(f"\nA row for each result: {page}\n", flush=True)
    if os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY") or sys.platform == "darwin":
        webbrowser.open(page)


if __name__ == "__main__":
    main()
