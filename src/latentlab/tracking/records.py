"""What one run holds: params, points of curves, tags. Writing twice is the same as writing once."""

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from latentlab.core import provenance, settings
from latentlab.tracking import store

History = Sequence[Mapping[str, float]]
# A metric's name and step.
Point = tuple[str, int]

# Of rows: scores of those with equal ones may be compared.
YARDSTICK_TAG = "yardstick"
# The most that a server takes in one request.
METRICS_AT_ONCE = 1000
PARAMS_AT_ONCE = 100


def points(history: History, prefix: str = "") -> dict[Point, float]:
    """The metrics of a history as points of curves, with the epoch as the step."""
    return {
        (prefix + name, int(record["epoch"])): float(value)
        for record in history
        for name, value in record.items()
        if name != "epoch"
    }


def logged_points(client: Any, run_id: str) -> set[Point]:
    """The points that the store has of a run."""
    names = client.get_run(run_id).data.metrics
    return {(name, metric.step) for name in names for metric in client.get_metric_history(run_id, name)}


def log_points(client: Any, run_id: str, wanted: Mapping[Point, float], logged: set[Point]) -> None:
    """Log those of the points that are not in ``logged``, and add them to it."""
    from mlflow.entities import Metric
    from mlflow.utils.time import get_current_time_millis

    now = get_current_time_millis()
    missing = [point for point in wanted if point not in logged]
    for part in _batched(missing, METRICS_AT_ONCE):
        metrics = [Metric(name, wanted[name, step], now, step) for name, step in part]
        client.log_batch(run_id, metrics=metrics)
        logged.update(part)


def log_params(client: Any, run_id: str, values: Mapping[str, Any]) -> None:
    """Log nested params by dotted key, as JSON writes them."""
    from mlflow.entities import Param

    flat = {key: _as_json(value) for key, value in settings.flatten(values).items()}
    for part in _batched(list(flat), PARAMS_AT_ONCE):
        client.log_batch(run_id, params=[Param(key, flat[key]) for key in part])


def origin_tags(key: str, script: str, experiment: str | None) -> dict[str, str]:
    """What every run says of where it comes from; Git's state is that of now, where it is known.

    Args:
        key: what the run is found by.
        script: what makes it, with what it is told.
        experiment: the name of the DVC experiment that it belongs to, if any.
    """
    dirty = provenance.git_dirty()
    tags = {
        store.KEY_TAG: key,
        "git.dirty": None if dirty is None else json.dumps(dirty),
        "mlflow.source.name": script,
        "mlflow.source.type": "LOCAL",
        "mlflow.source.git.commit": provenance.git_revision(),
        "dvc.stage": provenance.dvc_stage(),
        "dvc.experiment": experiment,
    }
    return {name: value for name, value in tags.items() if value is not None}


def complete(client: Any, run_id: str) -> None:
    """Mark a run as whole, and end it. Whatever lacks this mark is completed by a later ``track``."""
    client.set_tag(run_id, store.COMPLETE_TAG, "true")
    client.set_terminated(run_id, "FINISHED")


def _as_json(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _batched(items: list[Any], size: int) -> Iterator[list[Any]]:
    rest = iter(items)
    while part := list(islice(rest, size)):
        yield part
