"""What is scored: ways to make images, each under the name of its scores."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from latentlab.core.arrays import Images, Labels
from latentlab.learning.randomness import derive_seed
from latentlab.scoring.metrics import references


class Sample(NamedTuple):
    """A set of images.

    Attributes:
        images: uint8 (n, height, width, channels).
        asked: the class that each was asked to be, (n,); None where none was asked for.
    """

    images: Images
    asked: Labels | None = None


class Contender(NamedTuple):
    """One way to make images.

    Attributes:
        name: where its scores stand in metrics.json, as keys with dots between them.
        draw: makes so many images, or fewer where there are no more.
        in_full: whether its scores come with intervals and histograms.
        shown: the file, as ``MODEL/FILE``, in which figures find its images; None where no figure shows them.
    """

    name: str
    draw: Callable[[int], Sample]
    in_full: bool = True
    shown: str | None = None


def of_references(
    validation: Images, training: Images, labels: npt.NDArray[np.uint8], seed: int
) -> list[Contender]:
    """What good and broken samples look like.

    Args:
        validation: unseen real images, uint8 (n, height, width, channels).
        training: what models were trained on, uint8 (m, height, width, channels).
        labels: of those, (m,).
        seed: of the noise.
    """
    noise = derive_seed(seed, "evaluate", "noise")
    makers: dict[str, Callable[[int], Images]] = {
        "real": lambda count: validation[:count],
        "blurred": lambda count: references.blurred(validation[:count]),
        "noisy": lambda count: references.noisy(validation[:count], noise),
        "one_class": lambda count: references.one_class(training, labels, count),
        "copied": lambda count: training[:count],
    }
    if labels.max() == 0:  # All images have it.
        del makers["one_class"]
    return [Contender(f"references.{name}", _without_classes(make)) for name, make in makers.items()]


def _without_classes(make: Callable[[int], Images]) -> Callable[[int], Sample]:
    return lambda count: Sample(make(count))
