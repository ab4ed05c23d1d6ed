"""What was found of each model, and what was found of all alike, which is said once."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from latentlab.core.family import Model
from latentlab.scoring import headlines
from latentlab.showing.report import names, scores

# One of a verdict, as verdict.json has it.
Found = Mapping[str, Any]


class Judged(NamedTuple):
    """What is said of one model.

    Attributes:
        model: it.
        problems: by name.
        findings: what was found of it alone.
        withheld: the scores that would have told of more, in words.
        scale: where its headline score is; None where that is withheld.
    """

    model: Model
    problems: list[str]
    findings: list[Found]
    withheld: list[str]
    scale: scores.Scale | None


def judged(verdict: Mapping[str, Any], metrics: Mapping[str, Any], models: Sequence[Model]) -> list[Judged]:
    """The verdict on each model that has one, in the order of the models."""
    everywhere = shared(verdict)
    told = scores.headline(metrics) not in headlines.withheld(metrics)
    return [
        Judged(
            model,
            [found["name"] for found in verdict[model.name]["findings"] if found["kind"] == "problem"],
            [found for found in verdict[model.name]["findings"] if found not in everywhere],
            [names.of_score(score) for score in verdict[model.name].get("withheld", ())],
            scores.scale(metrics, model) if told else None,
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
