"""Which scores can be believed, by what they say of degraded real images."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from latentlab.scoring.metrics.directions import DESTROYED, SCORES, SLIGHT, WITHOUT_STRUCTURE, shortfalls

# The score that features stand and fall by: without bias, whatever the number of images.
JUDGED_BY = "kernel_distance"
# Images without structure must be so many times as far from real ones as slightly degraded ones.
# docs/metrics.md has the sets and networks that this was held against.
LEAST_RATIO = 2.0

Scores = Mapping[str, Any]
# Of each ladder, by step.
Ladders = Mapping[str, Sequence[Scores]]


class Trust(NamedTuple):
    """What can be believed of the scores in one feature space.

    Attributes:
        ratio: how much farther from real images those without structure are than slightly degraded ones.
        trusted: whether the features can be trusted.
        because: why or why not, a sentence.
        withheld: scores that cannot be, and why not.
    """

    ratio: float
    trusted: bool
    because: str
    withheld: dict[str, str]


def judge(real: Scores, ladders: Ladders) -> Trust:
    """Judge each score by itself, and the features by their kernel distance.

    Args:
        real: the scores of held-out real images, with intervals.
        ladders: those of degraded ones.
    """
    withheld = {
        name: why for name in SCORES if name in real and (why := _fault(name, real, ladders)) is not None
    }
    found = ratio(real, ladders)
    told = f"images without structure are {found:.3g} times as far from real ones as slightly degraded images"
    if found < LEAST_RATIO:
        why = f"{told}, where {LEAST_RATIO:g} times is the least"
        unreliable = {name: why for name in SCORES if name in real and SCORES[name].of_features}
        return Trust(found, False, f"The features see no structure: {why}.", unreliable | withheld)
    if JUDGED_BY in withheld:
        return Trust(found, False, f"The kernel distance {withheld[JUDGED_BY]}.", withheld)
    return Trust(found, True, f"{told[0].upper()}{told[1:]}, and each ladder rises.", withheld)


def ratio(real: Scores, ladders: Ladders) -> float:
    """The least kernel distance of images without structure over the greatest of slightly degraded ones.

    Slight ones that are nearer than chance allows count as that far: the upper end of real images' interval.
    """
    destroyed = min(ladders[name][-1][JUDGED_BY] for name in WITHOUT_STRUCTURE)
    slight = max(ladders[name][0][JUDGED_BY] for name in SLIGHT)
    return float(destroyed / max(slight, real["intervals"][JUDGED_BY][1]))


def _fault(name: str, real: Scores, ladders: Ladders) -> str | None:
    """Why a score cannot be believed, as the end of a sentence about it; None where it can."""
    for ladder in SCORES[name].climbs:
        fault = _climbing_fault(name, real, ladders[ladder]) if ladder in ladders else None
        if fault:
            return f"{fault}, on the ladder {ladder}"
    if SCORES[name].halves:
        best = max(DESTROYED, key=lambda ladder: ladders[ladder][-1][name])
        value = ladders[best][-1][name]
        if value >= real[name] / 2:
            return f"gives destroyed images ({best}) {value:.2g}, real ones {real[name]:.2g}"
    return None


def _climbing_fault(name: str, real: Scores, rungs: Sequence[Scores]) -> str | None:
    """What a score gets wrong on one ladder, beyond what its intervals allow."""
    steps = [shortfalls(name, scores["intervals"][name]) for scores in (real, *rungs)]
    if any(most < steps[0][0] for _, most in steps[1:]):
        return "takes degraded images for better than real ones"
    if any(after[1] < before[0] for before, after in pairwise(steps)):
        return "takes worse images for better"
    if steps[-1][0] <= steps[0][1]:
        return "does not tell the worst images from real ones"
    return None
