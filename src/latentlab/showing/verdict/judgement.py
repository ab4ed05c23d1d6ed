"""What is said of a model in the end: all findings of its rules, and a sentence."""

from collections.abc import Iterable, Mapping
from typing import Any

from latentlab.showing.verdict.findings import Case, Rule


def judge(case: Case, rules: Iterable[Rule]) -> dict[str, Any]:
    """The verdict on a model: ``verdict``, a sentence, and ``findings``, problems first."""
    found = [finding for rule in rules if (finding := rule(case))]
    findings = sorted(found, key=lambda finding: finding.kind != "problem")
    problems = [finding.name for finding in findings if finding.kind == "problem"]
    return {"verdict": _sentence(case, problems), "findings": [finding._asdict() for finding in findings]}


def report(verdicts: Mapping[str, Mapping[str, Any]]) -> str:
    """Verdicts as lines for a terminal."""
    lines = []
    for verdict in verdicts.values():
        lines.append(verdict["verdict"])
        for finding in verdict["findings"]:
            lines.append(f"  {finding['kind']}: {finding['name']}. {finding['sentence']} ({finding['key']})")
    return "\n".join(lines)


def _sentence(case: Case, problems: list[str]) -> str:
    name = case.headline.replace("_", " ")
    own, real = case.scores[case.headline], case.references["real"][case.headline]
    beside = f"real images have {real:.3g}"
    if "untrained" in case.references:  # Where nothing is trained step by step, there is none.
        beside += f" and an untrained generator {case.references['untrained'][case.headline]:.3g}"
    said = f"problems: {', '.join(problems)}" if problems else "no problem found"
    return f"{_title(case)}: {name} {own:.3g}, where {beside}; {said}."


def _title(case: Case) -> str:
    """The title, with the epoch of a model that is named after one."""
    return f"{case.title} ({case.scores['epoch']})" if "epoch" in case.scores else case.title
