"""The results of a sweep in one place: every score of every combination, over its seeds."""

from collections.abc import Mapping, Sequence
from typing import Any

from latentlab.core.errors import EvaluationError
from latentlab.scoring import protocol
from studies.seeds import comparison, statistics
from studies.sweeps.definition import Cell, Sweep

Content = Mapping[str, Any]


def summarise(sweep: Sweep, results: Sequence[tuple[Cell, Content]]) -> dict[str, Any]:
    """The content of a sweep's JSON file.

    Args:
        sweep: what was varied.
        results: all of metrics.json of each experiment.

    Returns:
        ``title``, ``metric`` and ``vary`` of the sweep, the ``conditions`` that all share, and ``points``: of
        each combination what was ``set``, and of each model each score's mean, spread and values by seed.

    Raises:
        EvaluationError: the experiments were not measured alike, or have no such metric.
    """
    first, *others = (protocol.conditions(metrics) for _, metrics in results)
    for other in others:
        comparison.require_comparable(first, other)
    points = [
        {"set": values, "models": statistics.summarise(rows)} for values, rows in _by_combination(results)
    ]
    content = {**sweep.model_dump(), "conditions": first, "points": points}
    if sweep.metric:
        compared(content)
    return content


def compared(content: Content) -> list[Content]:
    """Of each point, in order, mean, spread and values of the metric that the sweep compares.

    Raises:
        EvaluationError: there is no such metric.
    """
    model, _, score = content["metric"].rpartition(".")
    models = [point["models"] for point in content["points"]]
    if any(score not in found.get(model, {}) for found in models):
        known = [f"{name}.{each}" for name, scores in models[0].items() for each in scores]
        raise EvaluationError(
            f"metric: expected one that all experiments have, such as {', '.join(known)}, got "
            f"{content['metric']!r}. Change it in the sweep's file; the experiments need not run again."
        )
    return [found[model][score] for found in models]


def _by_combination(
    results: Sequence[tuple[Cell, Content]],
) -> list[tuple[dict[str, Any], dict[str, Content]]]:
    rows: dict[tuple[str, ...], tuple[dict[str, Any], dict[str, Content]]] = {}
    for cell, metrics in results:
        rows.setdefault(cell.settings, (cell.values, {}))[1][str(cell.seed)] = metrics
    return list(rows.values())
