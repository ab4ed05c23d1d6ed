"""What was found of each model, and what was found of all alike, which is said once."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from latentlab.showing.report import scores, story

Finding = Mapping[str, Any]


class Judged(NamedTuple):
    """A model, its problems by name, what else was found of it alone, and where its headline score is."""

    key: str
    name: str
    problems: list[str]
    findings: list[Finding]
    scale: scores.Scale


def judged(verdict: Mapping[str, Any], metrics: Mapping[str, Any]) -> list[Judged]:
    """Each model's verdict, in the story's order."""
    everywhere = shared(verdict)
    return [
        Judged(
            model,
            story.model_name(model),
            [found["name"] for found in verdict[model]["findings"] if found["kind"] == "problem"],
            [found for found in verdict[model]["findings"] if found not in everywhere],
            scores.scale(metrics, model),
        )
        for model in sorted(verdict, key=story.rank)
    ]


def shared(verdict: Mapping[str, Any]) -> list[Finding]:
    """The notes that every model has, word for word; a problem is said of each model that has it."""
    first, *others = (model["findings"] for model in verdict.values())
    return [
        found
        for found in first
        if found["kind"] == "note" and others and all(found in findings for findings in others)
    ]
