"""Serves a registered model on this machine alone: latents in, images out. See docs/serving.md."""

import argparse
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from latentlab.families import roster
from latentlab.tracking import background, registry, store
from scripts.mlflow_server import HOST, port_number, require_free


def main() -> None:
    """Serve the version that an alias names until Ctrl-C; on POSIX, by becoming MLflow's server."""
    arguments = _arguments()
    require_free(arguments.port, "make serve PORT=5002")
    mlflow, name = store.load_mlflow(), registry.name_of(arguments.model)
    try:
        version = _version(store.connect().client, name, arguments.alias)
    except (ConnectionError, mlflow.exceptions.MlflowException) as error:
        sys.exit(f"error: MLflow cannot be used: {background.brief(str(error))}")
    print(f"{name} version {version.version} is {arguments.alias}.\n\n{version.description}\n")
    print(f"Send latents to http://{HOST}:{arguments.port}/invocations; Ctrl-C ends it.", flush=True)
    model = ["--model-uri", f"models:/{name}/{version.version}", "--env-manager", "local"]
    address = ["--host", HOST, "--port", str(arguments.port)]
    command = [sys.executable, "-m", "mlflow", "models", "serve", *model, *address]
    environment = os.environ | _environment()
    if os.name == "nt":  # There a process that becomes another one lets go of its terminal.
        sys.exit(subprocess.call(command, env=environment))
    os.execve(sys.executable, command, environment)


def _environment() -> dict[str, str]:
    return {
        "MLFLOW_TRACKING_URI": store.uri(),
        "MLFLOW_REGISTRY_URI": store.uri(),
        # MLflow calls plain `uvicorn`, which lies beside Python.
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
    }


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", choices=[family.name for family in roster.FAMILIES])
    parser.add_argument("--alias", default="champion", help="which version: champion or challenger")
    parser.add_argument("--port", type=port_number, default=5001)
    return parser.parse_args()


def _version(client: Any, name: str, alias: str) -> Any:
    """The version that an alias names."""
    for model in client.search_registered_models(f"name = '{name}'"):
        if alias in model.aliases:
            return client.get_model_version(name, model.aliases[alias])
    sys.exit(f"error: {name} has no version with the alias {alias}: `dvc repro` registers what it trained.")


if __name__ == "__main__":
    main()
