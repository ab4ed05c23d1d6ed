"""What a user names in MLflow: an alias of a registered model, or a run."""

from datetime import UTC, datetime
from typing import Any

from latentlab.core.errors import RequestError
from latentlab.tracking import registry

EXPERIMENTS = ("pipeline", "stages")
# A longer list tells nobody anything.
MOST_NAMED = 10


def resolve(client: Any, reference: str, model: str) -> tuple[Any | None, Any | None]:
    """The version that an alias names, None for a run; and the run, None where a version has lost its own.

    Raises:
        RequestError: the reference is neither an alias nor one run.
    """
    name = registry.name_of(model)
    known = client.search_registered_models(f"name = '{name}'")
    aliases = known[0].aliases if known else {}
    if reference not in aliases:
        expected = f"an alias of {name} ({', '.join(sorted(aliases)) or 'it has none yet'}), or "
        return None, the_run(client, reference, expected)
    version = client.get_model_version(name, aliases[reference])
    return version, next(iter(runs(client, "run_id", version.run_id)), None)


def the_run(client: Any, reference: str, others: str = "") -> Any:
    """The run of an id or a name, also of a row; an error also says what others were expected.

    Raises:
        RequestError: there is none, or more than one.
    """
    found = runs(client, "run_id", reference) or runs(client, "run_name", reference)
    if not found:
        raise RequestError(
            f"MLflow: expected {others}the id or the name of a run; got {reference!r}. `make ui` shows all "
            "runs."
        )
    if len(found) > 1:
        listed = "".join(f"\n  {run.info.run_id}  started {_date(run)}" for run in found[:MOST_NAMED])
        more = "\n  and others" if len(found) > MOST_NAMED else ""
        raise RequestError(
            f"MLflow: expected the name of one run, got {reference!r}, which {len(found)} have. Take an id:"
            f"{listed}{more}"
        )
    return found[0]


def runs(client: Any, attribute: str, value: str) -> list[Any]:
    """Runs, also of rows, of which an attribute has a value."""
    # MLflow's filters have no way to write both kinds of quotes in one value.
    quotes = [quote for quote in "'\"" if quote not in value]
    known = experiments(client)
    if not (quotes and known):
        return []
    return list(client.search_runs(known, f"attributes.{attribute} = {quotes[0]}{value}{quotes[0]}"))


def experiments(client: Any) -> list[str]:
    """The ids of the experiments that are there."""
    found = [client.get_experiment_by_name(name) for name in EXPERIMENTS]
    return [experiment.experiment_id for experiment in found if experiment]


def _date(run: Any) -> str:
    return f"{datetime.fromtimestamp(run.info.start_time / 1000, UTC):%Y-%m-%d %H:%M} UTC"
