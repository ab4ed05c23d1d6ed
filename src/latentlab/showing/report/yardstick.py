"""Whether scores can be believed: the networks that were tried, each score, and those of classes."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from latentlab.scoring.metrics.directions import SCORES
from latentlab.showing.report import names
from latentlab.showing.report.chapters import Chapter, Exhibit
from latentlab.showing.report.wording import number

CHAPTER = Chapter(
    "yardstick",
    "Can these scores be believed?",
    "Real images were made worse in known ways, step by step, and scored as if a model had made them. What "
    "does not tell them from real ones, or takes worse images for better, is no measure of quality and is "
    "withheld.",
    (
        Exhibit(
            "yardstick",
            "Real images made worse, and how far off each step is",
            "A row is one way to become worse, and the number of a step stands at its distance: see whether "
            "each row runs to the right, and whether what shows nothing any more is far from what is hardly "
            "changed.",
            is_wide=True,
        ),
    ),
)
# What scores are held against that have no ladder to climb.
DESTROYED = "destroyed images"


class Network(NamedTuple):
    """A network that was tried.

    Attributes:
        name: in words.
        is_used: whether distances are taken in its features.
        ratio: how much farther it sees images without structure than slightly degraded ones.
        because: whether it can be trusted and why, a sentence.
    """

    name: str
    is_used: bool
    ratio: str
    because: str


class Judged(NamedTuple):
    """A score and whether it can be believed.

    Attributes:
        name: in words.
        real: of unseen real images; empty where it is left out.
        against: what it was held against.
        status: ``trusted``, ``withheld`` or ``left out``.
        because: why it is not trusted; empty where it is.
    """

    name: str
    real: str
    against: str
    status: str
    because: str


def networks(yardstick: Mapping[str, Any]) -> list[Network]:
    """Those that were tried, in order."""
    return [
        Network(
            names.NETWORKS.get(name, name),
            name == yardstick["network"],
            number(found["ratio"]),
            found["because"],
        )
        for name, found in yardstick["networks"].items()
    ]


def scores(yardstick: Mapping[str, Any], features: Mapping[str, Any]) -> list[Judged]:
    """Each score that there is in the chosen features, or that is left out there.

    Args:
        yardstick: all of ``reports/yardstick.json``.
        features: the section of metrics.json.
    """
    return list(_judged(yardstick["networks"][yardstick["network"]], yardstick["withheld"], features))


def classes(features: Mapping[str, Any]) -> str:
    """Who tells the classes of samples, or why nobody does, from the section of metrics.json."""
    if "left_out_because" in features:
        return f"Scores of classes are left out, because {features['left_out_because']}."
    if "test_accuracy" not in features:
        return ""
    accuracy = features["test_accuracy"]
    return f"A classifier tells the classes of samples; it is right on {accuracy:.1%} of the test images."


def _judged(
    found: Mapping[str, Any], withheld: Mapping[str, str], features: Mapping[str, Any]
) -> Iterator[Judged]:
    for key, score in SCORES.items():
        name = names.of_score(key)
        climbed = [ladder for ladder in score.climbs if ladder in found["ladders"]]
        against = DESTROYED if score.halves else ", ".join(climbed)
        if key in found["real"]:
            status = "withheld" if key in withheld else "trusted"
            yield Judged(name, number(found["real"][key]), against, status, withheld.get(key, ""))
        elif key in features.get("left_out", ()):
            yield Judged(name, "", against, "left out", features["left_out_because"])
