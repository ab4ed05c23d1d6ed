"""Starts MLflow's pages over the store that the stages write to, and opens the one with a row a result."""

import os
import sys
import webbrowser

from latentlab.tracking import addresses, background, experiment_page, store
from scripts.mlflow_server import HOST, serve

PORT = 5000


def main() -> None:
    """Serve until Ctrl-C, but where a server of the user's own has the pages already."""
    mlflow = store.load_mlflow()
    served = addresses.is_server(store.uri())
    server = store.uri().rstrip("/") if served else f"http://{HOST}:{PORT}"
    try:
        page = f"{server}/{experiment_page.address(store.connect())}"
    except (ConnectionError, mlflow.exceptions.MlflowException) as error:
        sys.exit(f"error: MLflow cannot be used: {background.brief(str(error))}")
    if served:
        show(page)
    else:
        sys.exit(serve(PORT, {"MLFLOW_BACKEND_STORE_URI": store.uri()}, lambda: show(page)))


def show(page: str) -> None:
    """Name the page, and open it where there is a screen."""
    print(f"\nA row for each result: {addresses.hide_password(page)}\n", flush=True)
    screen = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    if screen or sys.platform in ("darwin", "win32"):
        webbrowser.open(page)


if __name__ == "__main__":
    main()
