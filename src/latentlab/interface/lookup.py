"""What an alias of a registered model, or a run in MLflow, has: networks, and files of a result.

The registered model ``latentlab-X`` is the network of model X that makes images. An alias of it leads to a
version, and this to the run of the stage that trained it, where the other networks are. A row of the
experiment ``pipeline`` leads to the runs of its stages by its tags ``run.train_X``, and has its scores.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Any, NamedTuple, TypeVar

from latentlab.core.errors import LatentlabError, RequestError
from latentlab.interface import references
from latentlab.tracking import background, models, store

T = TypeVar("T")


class Found(NamedTuple):
    """What a reference leads to, once for all: an alias may be another version's tomorrow.

    Attributes:
        reference: an alias, or the id or the name of a run.
        networks: the addresses of a model's networks by their names.
        run_id: of the row or of the training; None where a version has lost its own.
    """

    reference: str
    networks: dict[str, str]
    run_id: str | None


def find(reference: str, model: str, registered: str) -> Found:
    """The networks of a model that an alias or a run has.

    Args:
        reference: an alias of the registered model; else the id or the name of a run, of a row or of a stage.
        model: whose they are.
        registered: the one that makes images, and is the registered model.

    Raises:
        RequestError: there is no such alias or run, or more than one; it lacks the network that makes images;
            or MLflow cannot be used.
    """
    found = _ask(lambda client: _networks(client, reference, model, registered))
    if registered not in found.networks:
        others = ", ".join(f"{model}-{name}" for name in found.networks) or f"none of {model}"
        raise RequestError(
            f"{reference!r} in MLflow: expected the network {model}-{registered}, got {others}. Take another "
            "run or another model."
        )
    return found


def find_file(found: Found, family: str, path: str) -> str:
    """The address of a file of a row: of the one that was found, or of the latest one of a training.

    Args:
        found: what was found.
        family: whose training it is.
        path: of the file among the row's.

    Raises:
        RequestError: no row has it, or MLflow cannot be used.
    """
    run_id = _ask(lambda client: _row_with(client, found, family, path))
    if run_id is None:
        raise RequestError(
            f"{found.reference!r} in MLflow: expected a row of its training with {path}, got none. `git "
            "checkout` the run's commit, run `dvc repro`, and take the models of the workspace."
        )
    return f"runs:/{run_id}/{path}"


def find_row(reference: str, path: str) -> str:
    """The address of a file of the row that a reference names, by its id or its name.

    Raises:
        RequestError: there is no such row, or more than one; it has no such file; or MLflow cannot be used.
    """
    run_id = _ask(lambda client: references.the_run(client, reference).info.run_id)
    return find_file(Found(reference, {}, run_id), "", path)


def download_network(place: str, folder: Path) -> Path:
    """The ``.keras`` file of a network, copied to below a folder; errors as of ``download``."""
    with _explaining():
        return next(download(f"{place}/data", folder).glob("*.keras"))


def download(place: str, folder: Path) -> Path:
    """A file or folder of MLflow's, copied to below a folder.

    Raises:
        RequestError: MLflow cannot be used, or has lost it.
    """
    mlflow = store.load_mlflow()
    with _explaining():
        copied = mlflow.artifacts.download_artifacts(
            place, dst_path=str(folder), tracking_uri=store.uri(), registry_uri=store.uri()
        )
        return Path(copied)


def _networks(client: Any, reference: str, model: str, registered: str) -> Found:
    version, run = references.resolve(client, reference, model)
    places = _of_run(client, run, model) if run else {}
    if version:
        places[registered] = client.get_model_version_download_uri(version.name, version.version)
    return Found(reference, places, run.info.run_id if run else None)


def _row_with(client: Any, found: Found, family: str, path: str) -> str | None:
    """The id of the run itself, or of the latest row of its training, that has an artifact."""
    if found.run_id is None:
        return None
    of_training = f"tags.`run.train_{family}` = '{found.run_id}'"
    rows = client.search_runs(references.experiments(client), of_training) if family else []
    folder = path.rpartition("/")[0]
    for run_id in (found.run_id, *(row.info.run_id for row in rows)):
        if path in {artifact.path for artifact in client.list_artifacts(run_id, folder or None)}:
            return run_id
    return None


def _of_run(client: Any, run: Any, model: str) -> dict[str, str]:
    """The networks that a run has of a model, and those that it points to where it is a row."""
    places: dict[str, str] = {}
    stage_id = run.data.tags.get(f"run.train_{model}", run.info.run_id)
    for one in (run, *references.runs(client, "run_id", stage_id)):
        for name, model_id in models.logged(client, one.info.experiment_id, one.info.run_id).items():
            owner, _, network = name.partition("-")
            if owner == model:
                places[network] = client.get_logged_model(model_id).artifact_location
    return places


def _ask(search: Callable[[Any], T]) -> T:
    """What a search finds with MLflow's client, which asks a database that does not answer for an hour.

    Raises:
        RequestError: MLflow cannot be used.
    """
    database = store.database_file()
    if database is not None and not database.exists():
        raise RequestError(
            f"expected MLflow's runs in {database}, which does not exist. Run `dvc repro`, which makes it, "
            "or set MLFLOW_TRACKING_URI."
        )
    mlflow, future = store.load_mlflow(), Future[T]()

    def work() -> None:
        try:
            future.set_result(search(mlflow.MlflowClient(store.uri(), store.uri())))
        except Exception as error:
            future.set_exception(error)

    Thread(target=work, daemon=True, name="lookup").start()
    with _explaining():
        return future.result(background.PATIENCE_SECONDS)


@contextmanager
def _explaining() -> Iterator[None]:
    try:
        yield
    except LatentlabError:
        raise
    except TimeoutError as error:
        raise _unusable(f"no answer within {background.PATIENCE_SECONDS:.0f} s") from error
    except Exception as error:  # A server or a database fails in as many ways as it has parts.
        raise _unusable(f"{type(error).__name__}: {error}") from error


def _unusable(reason: str) -> RequestError:
    return RequestError(
        f"MLflow cannot be used: {background.brief(reason)}. Start its server or correct "
        "MLFLOW_TRACKING_URI, or take the models of the workspace."
    )
