"""Which way each score points, which broken samples it must tell from real ones, and on which ladders."""

from collections.abc import Sequence
from typing import Literal, NamedTuple


class Score(NamedTuple):
    """What a score says.

    Attributes:
        better: where good samples are: low, high, or near one.
        bounds: the least and the greatest value possible.
        worse: the references that must score worse than real images. What is not named the score does not
            see, such as the quality of a single image in a share of classes.
        climbs: the ladders of degraded images on which it must become worse from step to step.
        halves: whether images that are destroyed must have less than half of what real ones have.
    """

    better: Literal["low", "high", "near one"]
    bounds: tuple[float, float]
    worse: frozenset[str]
    climbs: tuple[str, ...] = ()
    halves: bool = False

    @property
    def of_features(self) -> bool:
        """Whether it is measured in features, rather than in pixels or classes."""
        return self.halves or self.climbs == DEGRADED


# By ``Score.better``.
IN_WORDS = {"low": "lower is better", "high": "higher is better", "near one": "best near 1"}

INFINITE = float("inf")
BROKEN = frozenset({"blurred", "noisy", "one_class", "untrained"})
# Ways to lose quality or variety; see ``yardstick.ladders``.
DEGRADED = ("blur", "white noise", "spectrum noise", "phases", "patches", "checkerboard", "hue", "classes")
# What has no structure at the top of its ladder: a good score knows it from all that still shows something.
WITHOUT_STRUCTURE = ("white noise", "spectrum noise", "phases")
# What nobody would call a real image at the top.
DESTROYED = (*WITHOUT_STRUCTURE, "patches")
# At the first rung, what hardly anybody notices.
SLIGHT = ("blur", "white noise")

SCORES = {
    "frechet_distance": Score("low", (0, INFINITE), BROKEN, climbs=DEGRADED),
    "kernel_distance": Score("low", (-INFINITE, INFINITE), BROKEN, climbs=DEGRADED),
    # Blurred digits stay among real ones: by the classifier some are as typical as none of those is.
    "precision": Score("high", (0, 1), frozenset({"noisy", "untrained"}), halves=True),
    "recall": Score("high", (0, 1), BROKEN, halves=True),
    "density": Score("high", (0, INFINITE), frozenset({"blurred", "noisy", "untrained"}), halves=True),
    "coverage": Score("high", (0, 1), BROKEN, halves=True),
    "class_divergence": Score(
        "low", (0, INFINITE), frozenset({"one_class", "untrained"}), climbs=("classes",)
    ),
    "classes_covered": Score(
        "high", (0, INFINITE), frozenset({"one_class", "untrained"}), climbs=("classes",)
    ),
    "within_class_diversity": Score(
        "near one", (0, INFINITE), frozenset({"blurred", "noisy", "untrained"}), climbs=("blur",)
    ),
    "sharpness": Score(
        "near one",
        (0, INFINITE),
        frozenset({"blurred", "noisy", "untrained"}),
        climbs=("blur", "white noise", "checkerboard"),
    ),
    "memorisation": Score("high", (-INFINITE, INFINITE), frozenset({"copied"}), climbs=("copies",)),
    "near_copies": Score("low", (0, 1), frozenset({"copied"}), climbs=("copies",)),
}

# What is said of the classes of samples, and left out where the data have a single one.
OF_CLASSES = frozenset({"class_divergence", "classes_covered", "missing_classes", "class_histogram"})


def shortfalls(score: str, interval: Sequence[float]) -> tuple[float, float]:
    """How bad the values of an interval are, the least and the most."""
    ends = sorted(shortfall(score, end) for end in interval)
    inside = SCORES[score].better == "near one" and interval[0] <= 1 <= interval[1]
    return (0.0 if inside else ends[0]), ends[1]


def shortfall(score: str, value: float) -> float:
    """How bad a value is; the greater, the worse."""
    return {"low": value, "high": -value, "near one": abs(value - 1)}[SCORES[score].better]
