"""What the terminal says at the end of a run: headline scores beside the last commit's, and the verdicts."""

from collections.abc import Mapping
from typing import Any

from latentlab.core import artifacts
from latentlab.scoring import headlines, protocol
from latentlab.scoring.metrics.directions import SCORES

WHERE = f"Look at {artifacts.REPORT} and {artifacts.EXPLORER}; a row for each result: make ui"
NO_COMMIT = "The last commit has no scores to compare with."
# Scores that differ by a smaller share are printed alike.
SAME = 5e-4


def closing(metrics: Mapping[str, Any], committed: Mapping[str, Any] | None, verdicts: str) -> str:
    """The table, the verdicts, and where to look next.

    Args:
        metrics: the content of metrics.json.
        committed: that of the last commit, if it has any.
        verdicts: in words, a line or more of each model.
    """
    return "\n".join(["", *table(metrics, committed), "", verdicts, WHERE])


def table(metrics: Mapping[str, Any], committed: Mapping[str, Any] | None) -> list[str]:
    """Lines of the headline scores, with those of the last commit where the two may be compared."""
    reasons = protocol.comparable(committed, metrics) if committed else [NO_COMMIT]
    before = headlines.pick(committed) if committed and not reasons else {}
    lines = [
        _line(f"{model.replace('_', ' ')}: {headlines.name(score)}", value, _change(score, value, old))
        for score, values in headlines.by_score(_of_models(metrics)).items()
        for model, value in values.items()
        if score not in SCORES or score in (metrics["protocol"]["headline"], "classes_covered")
        for old in [before.get(f"{model}.{score}")]
    ]
    return [_line("", "now", "last commit" if before else "").rstrip(), *lines, *_said(committed, reasons)]


def _of_models(metrics: Mapping[str, Any]) -> dict[str, Any]:
    """Without the scores of other ways to draw latents, which the report has beside each other."""
    return {part: scores for part, scores in metrics.items() if part != "samplers"}


def _change(score: str, now: float, before: float | None) -> str:
    """The value before, which way it went, and whether that is better."""
    if before is None:
        return ""
    if abs(now - before) <= SAME * abs(before):
        return f"{before:>10.4g}  ="
    arrow = "↑" if now > before else "↓"
    return f"{before:>10.4g}  {arrow} {headlines.trend(score, now, before)}".rstrip()


def _line(name: str, now: float | str, change: str) -> str:
    value = now if isinstance(now, str) else f"{now:.4g}"
    return f"{name:<42}{value:>10}  {change}".rstrip()


def _said(committed: Mapping[str, Any] | None, reasons: list[str]) -> list[str]:
    if committed and reasons:
        return [f"Not compared with the last commit: {'; '.join(reasons)}."]
    return reasons
