"""Which way each score points, and which broken samples it must tell from real ones."""

from typing import Literal, NamedTuple


class Score(NamedTuple):
    """What a score says.

    Attributes:
        better: where good samples are: low, high, or near one.
        bounds: the least and the greatest value possible.
        worse: the references that must score worse than real images. What is not named the score does not
            see, such as the quality of a single image in a share of classes.
    """

    better: Literal["low", "high", "near one"]
    bounds: tuple[float, float]
    worse: frozenset[str]


# By ``Score.better``.
IN_WORDS = {"low": "lower is better", "high": "higher is better", "near one": "best near 1"}

INFINITE = float("inf")
BROKEN = frozenset({"blurred", "noisy", "one_class", "untrained"})

SCORES = {
    "frechet_distance": Score("low", (0, INFINITE), BROKEN),
    "kernel_distance": Score("low", (-INFINITE, INFINITE), BROKEN),
    # Blurred digits stay among real ones: by the classifier some are as typical as none of those is.
    "precision": Score("high", (0, 1), frozenset({"noisy", "untrained"})),
    "recall": Score("high", (0, 1), BROKEN),
    "density": Score("high", (0, INFINITE), frozenset({"blurred", "noisy", "untrained"})),
    "coverage": Score("high", (0, 1), BROKEN),
    "class_divergence": Score("low", (0, INFINITE), frozenset({"one_class", "untrained"})),
    "classes_covered": Score("high", (0, INFINITE), frozenset({"one_class", "untrained"})),
    "within_class_diversity": Score("near one", (0, INFINITE), frozenset({"blurred", "noisy", "untrained"})),
    "sharpness": Score("near one", (0, INFINITE), frozenset({"blurred", "noisy", "untrained"})),
    "memorisation": Score("high", (-INFINITE, INFINITE), frozenset({"copied"})),
}

# What is said of the classes of samples, and left out where the data have a single one.
OF_CLASSES = frozenset({"class_divergence", "classes_covered", "missing_classes", "class_histogram"})


def shortfall(score: str, value: float) -> float:
    """How bad a value is; the greater, the worse."""
    return {"low": value, "high": -value, "near one": abs(value - 1)}[SCORES[score].better]
