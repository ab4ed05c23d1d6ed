"""What an alias of a registered model, or a run in MLflow, has of a model: its networks, and what was fitted.

The registered model ``latentlab-X`` is the network of model X that makes images. An alias of it leads to a
version, and this to the run of the stage that trained it, where the other networks are. A row of the
experiment ``pipeline`` leads to the runs of its stages by its tags ``run.train_X``, and has what was fitted.
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Any, TypeVar

from latentlab.commands import references
from latentlab.core.errors import CommandError, LatentlabError
from latentlab.tracking import background, models, rows, store

T = TypeVar("T")


def find(reference: str, model: str, names: Sequence[str], registered: str) -> dict[str, str]:
    """The addresses of a model's networks that an alias or a run has, by their names.

    Args:
        reference: an alias of the registered model; else the id or the name of a run, of a row or of a stage.
        model: whose they are.
        names: networks that must be there.
        registered: the one that makes images, and is the registered model.

    Raises:
        CommandError: there is no such alias or run, or more than one; it lacks a network; or MLflow cannot be
            used.
    """
    places = _ask(reference, lambda client: _networks(client, reference, model, registered))
    if missing := [name for name in names if name not in places]:
        raise CommandError(
            f"--from {reference!r}: expected the network {model}-{missing[0]}, got "
            f"{', '.join(f'{model}-{name}' for name in places) or f'none of {model}'}. Take another "
            "run or another --model."
        )
    return places


def find_scored(reference: str, family: str, file: str) -> str:
    """The address of a file that the scoring of a family made, in a row, or in the latest one of a training.

    Args:
        reference: as of ``find``.
        family: whose scoring it is.
        file: its name.

    Raises:
        CommandError: no row has it; else as of ``find``.
    """
    path = f"{rows.SCORED}/{family}/{file}"
    run_id = _ask(reference, lambda client: _row_with(client, reference, family, path))
    if run_id is None:
        raise CommandError(
            f"--from {reference!r}: expected a row of its training with {path}, where fitted samplers are, "
            "got none. Take --sampler prior; or `git checkout` the run's commit, run `dvc repro`, and leave "
            "--from out."
        )
    return f"runs:/{run_id}/{path}"


def download_network(place: str, folder: Path) -> Path:
    """The ``.keras`` file of a network, copied to below a folder; errors as of ``download``."""
    with _explaining():
        return next(download(f"{place}/data", folder).glob("*.keras"))


def download(place: str, folder: Path) -> Path:
    """A file or folder of MLflow's, copied to below a folder.

    Raises:
        CommandError: MLflow cannot be used, or has lost it.
    """
    mlflow = store.load_mlflow()
    with _explaining():
        copied = mlflow.artifacts.download_artifacts(
            place, dst_path=str(folder), tracking_uri=store.uri(), registry_uri=store.uri()
        )
        return Path(copied)


def _networks(client: Any, reference: str, model: str, registered: str) -> dict[str, str]:
    version, run = references.resolve(client, reference, model)
    places = _of_run(client, run, model) if run else {}
    if version:
        places[registered] = client.get_model_version_download_uri(version.name, version.version)
    return places


def _row_with(client: Any, reference: str, family: str, path: str) -> str | None:
    """The id of the run itself, or of the latest row of its training, that has an artifact."""
    _, run = references.resolve(client, reference, family)
    if run is None:
        return None
    of_training = f"tags.`run.train_{family}` = '{run.info.run_id}'"
    found = [run, *client.search_runs(references.experiments(client), of_training)]
    folder = path.rpartition("/")[0]
    for run_id in (one.info.run_id for one in found):
        if path in {artifact.path for artifact in client.list_artifacts(run_id, folder)}:
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


def _ask(reference: str, search: Callable[[Any], T]) -> T:
    """What a search finds with MLflow's client, which asks a database that does not answer for an hour.

    Raises:
        CommandError: MLflow cannot be used.
    """
    database = store.database_file()
    if database is not None and not database.exists():
        raise CommandError(
            f"--from {reference!r}: expected MLflow's runs in {database}, which does not exist. Run `dvc "
            "repro`, which makes it, or set MLFLOW_TRACKING_URI."
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


def _unusable(reason: str) -> CommandError:
    return CommandError(
        f"--from: MLflow cannot be used: {background.brief(reason)}. Start its server or correct "
        "MLFLOW_TRACKING_URI, or leave --from out to take the models of the workspace."
    )
