"""Verdicts on all models, each by the rules of its family."""

from collections.abc import Mapping
from typing import Any

from latentlab.families import roster
from latentlab.showing.verdict import judgement
from latentlab.showing.verdict.findings import Case

History = list[Mapping[str, float]]


def judge(
    metrics: Mapping[str, Any], yardstick: Mapping[str, Any], histories: Mapping[str, History]
) -> dict[str, dict[str, Any]]:
    """A verdict on each model by name.

    Args:
        metrics: all of ``reports/metrics.json``.
        yardstick: all of ``reports/yardstick.json``.
        histories: the records of each training's epochs, by family.
    """
    verdicts = {}
    for name, (family, model) in roster.models().items():
        rules = roster.part(family, "rules")
        case = Case(
            title=model.title,
            remedies=rules.REMEDIES,
            scores=metrics[name],
            references=metrics["references"],
            protocol=metrics["protocol"],
            yardstick={**yardstick, "ladders": yardstick["networks"][yardstick["network"]]["ladders"]},
            history=histories[family.name],
            samplers=metrics.get("samplers", {}).get(name, {}),
        )
        verdicts[name] = judgement.judge(case, rules.RULES[name])
    return verdicts
