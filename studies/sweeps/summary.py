"""The results of a sweep in one place: every score of every combination, over its seeds."""

from collections.abc import Mapping, Sequence
from typing import Any

from latentlab.core.errors import EvaluationError
from latentlab.scoring import protocol
from latentlab.scoring.metrics.directions import IN_WORDS, SCORES, shortfall
from studies.seeds import comparison, statistics
from studies.sweeps.definition import Cell, Sweep

Content = Mapping[str, Any]


def summarise(sweep: Sweep, results: Sequence[tuple[Cell, Content]]) -> dict[str, Any]:
    """The content of a sweep's JSON file.

    Args:
        sweep: what was varied.
        results: all of metrics.json of each experiment.

    Returns:
        ``title``, ``metric`` and ``vary`` of the sweep, of a search ``trials`` and ``batch``, the
        ``conditions`` that all share, and ``points``: of each combination what was ``set``, and of each model
        each score's mean, spread and values by seed.

    Raises:
        EvaluationError: the experiments were not measured alike, or have no such metric.
    """
    first, *others = (protocol.conditions(metrics) for _, metrics in results)
    for other in others:
        comparison.require_comparable(first, other)
    points = [
        {"set": values, "models": statistics.summarise(rows)} for values, rows in _by_combination(results)
    ]
    left_out = {"trials", "batch"} if sweep.trials is None else set()
    content = {**sweep.model_dump(exclude=left_out), "conditions": first, "points": points}
    if sweep.metric:
        compared(content)
    return content


def compared(content: Content) -> list[Content]:
    """Of each point, in order, mean, spread and values of the metric that the sweep compares.

    Raises:
        EvaluationError: there is no such metric.
    """
    return [_look_up(content["metric"], point["models"]) for point in content["points"]]


def value(metric: str, metrics: Content) -> float:
    """One score of an experiment.

    Args:
        metric: as ``model.score``.
        metrics: all of metrics.json.

    Raises:
        EvaluationError: there is no such metric.
    """
    return float(_look_up(metric, statistics.headlines(metrics)))


def best(content: Content) -> int:
    """The place of the point whose mean is the best, whichever way the score points."""
    score = content["metric"].rpartition(".")[2]
    means = [shortfall(score, summary["mean"]) for summary in compared(content)]
    return means.index(min(means))


def in_words(metric: str) -> str:
    """A metric and which way it points, for an axis."""
    model, _, score = metric.rpartition(".")
    return f"{model} {score.replace('_', ' ')} ({IN_WORDS[SCORES[score].better]})"


def _look_up(metric: str, models: Mapping[str, Mapping[str, Any]]) -> Any:
    model, _, score = metric.rpartition(".")
    if score not in models.get(model, {}):
        known = [f"{name}.{each}" for name, scores in models.items() for each in scores]
        raise EvaluationError(
            f"metric: expected one that all experiments have and none withholds, such as {', '.join(known)}, "
            f"got {metric!r}. Change it in the sweep's file; the experiments need not run again."
        )
    return models[model][score]


def _by_combination(
    results: Sequence[tuple[Cell, Content]],
) -> list[tuple[dict[str, Any], dict[str, Content]]]:
    rows: dict[tuple[str, ...], tuple[dict[str, Any], dict[str, Content]]] = {}
    for cell, metrics in results:
        rows.setdefault(cell.settings, (cell.values, {}))[1][str(cell.seed)] = metrics
    return list(rows.values())
