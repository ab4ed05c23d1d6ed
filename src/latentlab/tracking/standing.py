"""Which version of a registered model is the champion: a comparison of scores that were measured alike."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from latentlab.scoring import headlines, protocol

# Of the scores, the one without bias, so that it serves any number of images; lower is better.
METRIC = "kernel_distance"
CHAMPION, CHALLENGER = "champion", "challenger"

Measurement = Mapping[str, Any]


class Standing(NamedTuple):
    """A place in the registry, as of when it was decided.

    Attributes:
        alias: ``champion`` or ``challenger``.
        reason: why, in words.
    """

    alias: str
    reason: str

    def __str__(self) -> str:
        return f"Became {self.alias}: {self.reason}"


def measure(metrics: Mapping[str, Any], model: str) -> Measurement | None:
    """What versions are compared by: a model's score, its 95 % interval, and what both were measured with.

    Args:
        metrics: the content of metrics.json.
        model: a section of it.

    Returns:
        None where it has no such score, or the features of its images cannot be trusted.
    """
    scores = metrics.get(model, {})
    if METRIC not in scores or not metrics["features"].get("trusted", True):
        return None
    interval = scores["intervals"][METRIC]
    return {METRIC: scores[METRIC], "interval": interval, **protocol.conditions(metrics)}


def unopposed(new: Measurement) -> Standing:
    """The standing of a version where no other is the champion."""
    return Standing(CHAMPION, _score(new))


def unmeasured(metrics: Mapping[str, Any], is_champion: bool) -> Standing:
    """The standing of a version whose score cannot be believed, so that no version is compared by it.

    Args:
        metrics: the content of metrics.json.
        is_champion: whether it is the champion by another measurement, and so stays it.
    """
    why = headlines.withheld(metrics).get(METRIC, "the features cannot be trusted")
    said = f"not compared: {headlines.name(METRIC)} is withheld ({why})"
    return (
        Standing(CHAMPION, f"as measured before; now {said}") if is_champion else Standing(CHALLENGER, said)
    )


def against(champion: str, known: Sequence[Measurement], new: Measurement) -> Standing:
    """The standing of a version beside the champion.

    A better score alone may be chance. The whole 95 % interval must be better than the champion's: that is
    stricter than an interval of the difference, because neither covers what another seed would train.

    Args:
        champion: its name.
        known: all measurements of the champion.
        new: that of the other version.
    """
    alike = [one for one in known if not protocol.comparable(one, new)]
    if not alike:
        reasons = [reason for one in known[-1:] for reason in protocol.comparable(one, new)]
        said = "; ".join(reasons) or "that has no score"
        return Standing(CHALLENGER, f"{_score(new)}; not compared with {champion}: {said}")
    old = alike[-1]
    if new["interval"][1] < old["interval"][0]:
        return Standing(CHAMPION, f"{_score(new)}; before, {champion} with {_score(old)}")
    return Standing(CHALLENGER, f"{_score(new)}; not clearly below {champion} with {_score(old)}")


def _score(measured: Measurement) -> str:
    low, high = measured["interval"]
    return f"{headlines.name(METRIC)} {measured[METRIC]:.3g} ({low:.3g} to {high:.3g})"
