"""A model's networks, as MLflow has them: of a registered model's alias, or of a run.

The registered model ``latentlab-X`` is the network of model X that makes images. An alias of it leads to a
version, and this to the run of the stage that trained it, where the other networks are. A row of the
experiment ``pipeline`` leads to the runs of its stages by its tags ``run.train_X``.
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread
from typing import Any, NamedTuple

from latentlab.core.errors import CommandError, LatentlabError
from latentlab.tracking import background, models, registry, store

EXPERIMENTS = ("pipeline", "stages")
# A longer list tells nobody anything.
MOST_NAMED = 10


class Networks(NamedTuple):
    """Where MLflow keeps a model's networks.

    Attributes:
        places: the address of each by its name, such as ``encoder``.
        training_digest: what DVC calls the images that they were trained on; None where it is not known.
    """

    places: dict[str, str]
    training_digest: str | None


def find(reference: str, model: str, names: Sequence[str], registered: str) -> Networks:
    """The networks of a model that an alias or a run has.

    Args:
        reference: an alias of the registered model; else the id or the name of a run, of a row or of a stage.
        model: such as ``vae``.
        names: networks that must be there.
        registered: the one that makes images, and is the registered model.

    Raises:
        CommandError: there is no such alias or run, or more than one; it lacks a network; or MLflow cannot be
            used.
    """
    database = store.database_file()
    if database is not None and not database.exists():
        raise CommandError(
            f"--from {reference!r}: expected MLflow's runs in {database}, which does not exist. Run `dvc "
            "repro`, which makes it, or set MLFLOW_TRACKING_URI."
        )
    mlflow = store.load_mlflow()

    def search() -> Networks:
        return _search(mlflow.MlflowClient(store.uri(), store.uri()), reference, model, registered)

    with _explaining():
        networks = _within_patience(search)
    if missing := [name for name in names if name not in networks.places]:
        raise CommandError(
            f"--from {reference!r}: expected the network {model}-{missing[0]}, got "
            f"{', '.join(f'{model}-{name}' for name in networks.places) or f'none of {model}'}. Take another "
            "run or another --model."
        )
    return networks


def download(networks: Networks, name: str, folder: Path) -> Path:
    """The ``.keras`` file of a network, copied to below a folder.

    Raises:
        CommandError: MLflow cannot be used, or has lost it.
    """
    mlflow = store.load_mlflow()
    with _explaining():
        copied = mlflow.artifacts.download_artifacts(
            f"{networks.places[name]}/data",
            dst_path=str(folder / name),
            tracking_uri=store.uri(),
            registry_uri=store.uri(),
        )
        return next(Path(copied).glob("*.keras"))


def _search(client: Any, reference: str, model: str, registered: str) -> Networks:
    name = registry.name_of(model)
    known = client.search_registered_models(f"name = '{name}'")
    aliases = known[0].aliases if known else {}
    if reference not in aliases:
        return _of_run(client, _the_run(client, reference, name, sorted(aliases)), model)
    version = client.get_model_version(name, aliases[reference])
    runs = _runs(client, "run_id", version.run_id)
    networks = _of_run(client, runs[0], model) if runs else Networks({}, None)
    place = client.get_model_version_download_uri(name, version.version)
    return networks._replace(places=networks.places | {registered: place})


def _the_run(client: Any, reference: str, registered: str, aliases: Sequence[str]) -> Any:
    runs = _runs(client, "run_id", reference) or _runs(client, "run_name", reference)
    if not runs:
        raise CommandError(
            f"--from: expected an alias of {registered} ({', '.join(aliases) or 'it has none yet'}), or the "
            f"id or the name of a run; got {reference!r}. `make ui` shows all runs."
        )
    if len(runs) > 1:
        listed = "".join(f"\n  {run.info.run_id}  started {_date(run)}" for run in runs[:MOST_NAMED])
        more = "\n  and others" if len(runs) > MOST_NAMED else ""
        raise CommandError(
            f"--from: expected the name of one run, got {reference!r}, which {len(runs)} have. Take an id:"
            f"{listed}{more}"
        )
    return runs[0]


def _runs(client: Any, attribute: str, value: str) -> list[Any]:
    """Runs, also of rows, of which an attribute has a value."""
    # MLflow's filters have no way to write both kinds of quotes in one value.
    quotes = [quote for quote in "'\"" if quote not in value]
    experiments = [client.get_experiment_by_name(name) for name in EXPERIMENTS]
    places = [experiment.experiment_id for experiment in experiments if experiment]
    if not (quotes and places):
        return []
    return list(client.search_runs(places, f"attributes.{attribute} = {quotes[0]}{value}{quotes[0]}"))


def _of_run(client: Any, run: Any, model: str) -> Networks:
    """What a run has of a model, and what it points to where it is a row."""
    places: dict[str, str] = {}
    stage_id = run.data.tags.get(f"run.train_{model}", run.info.run_id)
    stage = next(iter(_runs(client, "run_id", stage_id)), run)
    for one in (run, stage):
        for name, model_id in models.logged(client, one.info.experiment_id, one.info.run_id).items():
            owner, _, network = name.partition("-")
            if owner == model:
                places[network] = client.get_logged_model(model_id).artifact_location
    digests = [used.dataset.digest for used in stage.inputs.dataset_inputs]
    return Networks(places, next(iter(digests), None))


def _date(run: Any) -> str:
    return f"{datetime.fromtimestamp(run.info.start_time / 1000, UTC):%Y-%m-%d %H:%M} UTC"


def _within_patience(call: Callable[[], Networks]) -> Networks:
    """A call's result: MLflow asks a database that does not answer again and again, for an hour."""
    future: Future[Networks] = Future()

    def work() -> None:
        try:
            future.set_result(call())
        except Exception as error:
            future.set_exception(error)

    Thread(target=work, daemon=True, name="lookup").start()
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
