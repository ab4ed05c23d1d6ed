"""The MLflow store: where it is, how it is opened, and which run in it belongs to a key."""

import os
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from filelock import FileLock

from latentlab.core import process, provenance
from latentlab.tracking import addresses, postgresql

# MLflow's defaults wait 4 to 20 minutes for a server that is down, send usage statistics, and chat on stderr,
# also of troubles that the one warning of `background` tells of.
SETTINGS = {
    "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "0",
    "MLFLOW_HTTP_REQUEST_TIMEOUT": "5",
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR": "false",
    "MLFLOW_LOGGING_LEVEL": "CRITICAL",
    "MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT": "true",
}
# A connection that is kept holds the file of a new database open, which Windows then does not rename.
OF_WINDOWS = {"MLFLOW_SQLALCHEMYSTORE_POOLCLASS": "NullPool"}
KEY_TAG = "latentlab.key"
COMPLETE_TAG = "latentlab.complete"


@dataclass(frozen=True)
class Store:
    """An open store and the ids of the two experiments in it."""

    client: Any
    stages: str
    pipeline: str


def uri() -> str:
    """The tracking URI: the user's own, else a database in the main repository, from where a path is read."""
    chosen = os.environ.get("MLFLOW_TRACKING_URI") or "sqlite:///mlflow.db"
    file = addresses.sqlite_file(chosen)
    if file is None:
        return chosen
    _, mark, options = chosen.partition("?")
    return addresses.of_sqlite(provenance.dvc_root().resolve() / file) + mark + options


def database_file() -> Path | None:
    """The file of an SQLite store, or None for any other kind of store."""
    return addresses.sqlite_file(uri())


def load_mlflow() -> Any:
    """Import MLflow with bounded waits; what else the user has set in the environment stays."""
    for name, value in (SETTINGS | (OF_WINDOWS if os.name == "nt" else {})).items():
        os.environ.setdefault(name, value)
    # What is logged must be there before a run is called whole.
    os.environ["MLFLOW_ENABLE_ASYNC_LOGGING"] = "false"
    with process.interruptible():
        import mlflow.pyfunc

    return mlflow


def connect() -> Store:
    """Open the store, and create it and its experiments where they are missing.

    Under a lock, because two processes that create a database at once break each other.
    """
    mlflow = load_mlflow()
    others = postgresql.locked(uri()) if addresses.is_postgresql(uri()) else nullcontext()
    with FileLock(provenance.state_folder() / "store.lock"), others:
        _create_database(mlflow)
        client = mlflow.MlflowClient(uri(), registry_uri=uri())
        return Store(client, _experiment(client, "stages"), _experiment(client, "pipeline"))


def _create_database(mlflow: Any) -> None:
    """Make a missing database under another name first: MLflow can never open one that is half made."""
    path = database_file()
    if path is None or path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    for rest in path.parent.glob(f"{path.name}.new*"):
        rest.unlink()
    new = path.with_name(f"{path.name}.new")
    mlflow.MlflowClient(addresses.of_sqlite(new)).search_experiments()
    new.replace(path)


def _experiment(client: Any, name: str) -> str:
    experiment = client.get_experiment_by_name(name) or _create_experiment(client, name)
    if experiment.lifecycle_stage == "deleted":
        client.restore_experiment(experiment.experiment_id)
    return experiment.experiment_id


def _create_experiment(client: Any, name: str) -> Any:
    """A new experiment, or the one that another clone, which has a lock of its own, made in this moment."""
    from mlflow.exceptions import MlflowException

    try:
        client.create_experiment(name, artifact_location=_artifact_location(name))
    except MlflowException as error:
        if error.error_code != "RESOURCE_ALREADY_EXISTS":
            raise
    return client.get_experiment_by_name(name)


def _artifact_location(experiment: str) -> str | None:
    """A fixed folder, as MLflow would take one in the working directory; a server knows its own place."""
    if addresses.is_server(uri()):
        return None
    return addresses.of_folder(provenance.dvc_root().resolve() / "mlartifacts" / experiment)


def find_run(client: Any, experiment: str, key: str) -> Any | None:
    """The run of a key: a complete one if there is any, else one that was left in the middle, else None."""
    return max(_runs(client, experiment, key), key=is_complete, default=None)


def settle(client: Any, experiment: str, key: str, made: str) -> str:
    """The run that is to be filled, once one was made: the oldest of the key, and any other is given up.

    Clones of the repository have no lock in common, and may make equal runs in the same moment.
    """
    oldest = min(_runs(client, experiment, key), key=lambda run: (run.info.start_time, run.info.run_id))
    if oldest.info.run_id != made:
        client.delete_run(made)
    return oldest.info.run_id


def _runs(client: Any, experiment: str, key: str) -> list[Any]:
    """The runs of a key that are complete, or were left in the middle."""
    runs = client.search_runs([experiment], f"tags.`{KEY_TAG}` = '{key}'")
    return [run for run in runs if is_complete(run) or run.info.status == "RUNNING"]


def is_complete(run: Any) -> bool:
    """Whether all that belongs into a run has been written."""
    return COMPLETE_TAG in run.data.tags
