"""What is said of a model in the end: all findings of its rules, and a sentence."""

from collections.abc import Iterable, Mapping
from typing import Any

from latentlab.showing.verdict.findings import HEADLINE, Case, Rule


def judge(case: Case, rules: Iterable[Rule]) -> dict[str, Any]:
    """The verdict on a model.

    Returns:
        verdict: a sentence.
        findings: problems first.
        withheld: scores that rules would have read and that cannot be believed, in alphabetical order.
    """
    rules = tuple(rules)
    found = [finding for rule in rules if (finding := rule(case))]
    withheld = {score for rule in rules for score in rule.rests_on if score in case.yardstick["withheld"]}
    findings = sorted(found, key=lambda finding: finding.kind != "problem")
    problems = [finding.name for finding in findings if finding.kind == "problem"]
    return {
        "verdict": _sentence(case, problems),
        "findings": [finding._asdict() for finding in findings],
        "withheld": sorted(withheld),
    }


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
    if not case.gives(HEADLINE):
        told = f"problems: {', '.join(problems)}; " if problems else ""
        return f"{_title(case)}: {told}no verdict on quality. {case.yardstick['because']}"
    return f"{_title(case)}: {name} {own:.3g}, where {beside}; {said}."


def _title(case: Case) -> str:
    """The title, with the epoch of a model that is named after one."""
    return f"{case.title} ({case.scores['epoch']})" if "epoch" in case.scores else case.title
