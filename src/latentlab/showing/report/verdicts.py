"""What was found of each model, and what was found of all alike, which is said once."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from latentlab.core.family import Model
from latentlab.showing.report import scores

# One of a verdict, as verdict.json has it.
Found = Mapping[str, Any]


class Judged(NamedTuple):
    """A model, its problems by name, what else was found of it alone, and where its headline score is."""

    model: Model
    problems: list[str]
    findings: list[Found]
    scale: scores.Scale


def judged(verdict: Mapping[str, Any], metrics: Mapping[str, Any], models: Sequence[Model]) -> list[Judged]:
    """The verdict on each model that has one, in the order of the models."""
    everywhere = shared(verdict)
    return [
        Judged(
            model,
            [found["name"] for found in verdict[model.name]["findings"] if found["kind"] == "problem"],
            [found for found in verdict[model.name]["findings"] if found not in everywhere],
            scores.scale(metrics, model),
        )
        for model in models
        if model.name in verdict
    ]


def shared(verdict: Mapping[str, Any]) -> list[Found]:
    """The notes that every model has, word for word; a problem is said of each model that has it."""
    first, *others = (model["findings"] for model in verdict.values())
    return [
        found
        for found in first
        if found["kind"] == "note" and others and all(found in findings for findings in others)
    ]
