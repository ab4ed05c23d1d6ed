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

# Why no score of such features is given, as the end of a sentence about it.
NOT_TRUSTED = "is measured in features that cannot be trusted"

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
    """Judge each score by itself, and the features, with all that they give, by their kernel distance.

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
        why = f"the features see no structure: {told}, where {LEAST_RATIO:g} times is the least"
    elif JUDGED_BY in withheld:
        why = f"the kernel distance {withheld[JUDGED_BY]}"
    else:
        return Trust(found, True, f"{_capitalised(told)}, and each ladder rises.", withheld)
    unreliable = {
        name: f"{NOT_TRUSTED}: {why}" for name in SCORES if name in real and SCORES[name].of_features
    }
    return Trust(found, False, f"{_capitalised(why)}.", unreliable | withheld)


def ratio(real: Scores, ladders: Ladders) -> float:
    """How many times as far from real images those without structure are as slightly degraded ones."""
    slight, destroyed = slight_and_destroyed(real, ladders)
    return destroyed / slight


def slight_and_destroyed(real: Scores, ladders: Ladders) -> tuple[float, float]:
    """The greatest kernel distance of slightly degraded images, and the least of those without structure.

    Slight ones that are nearer than chance allows count as that far: the upper end of real images' interval.
    """
    slight = max(ladders[name][0][JUDGED_BY] for name in SLIGHT)
    destroyed = min(ladders[name][-1][JUDGED_BY] for name in WITHOUT_STRUCTURE)
    return float(max(slight, real["intervals"][JUDGED_BY][1])), float(destroyed)


def _capitalised(sentence: str) -> str:
    return sentence[0].upper() + sentence[1:]


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
