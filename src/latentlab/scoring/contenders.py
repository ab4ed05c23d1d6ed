"""What is scored: ways to make images, each under the name of its scores."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from latentlab.core.arrays import Images, Labels
from latentlab.learning.randomness import derive_seed
from latentlab.scoring.yardstick import degradations

# A share of the image's side: two pixels of 28, half the width of a stroke. With half as much, precision and
# density call blurred digits as good as real ones, or better.
BLUR = 1 / 14
# A share of the range from black to white: strong grain, through which every digit can still be read.
NOISE = 0.3


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
        "blurred": lambda count: degradations.blurred(validation[:count], BLUR),
        "noisy": lambda count: degradations.noisy(validation[:count], NOISE, noise),
        "one_class": lambda count: _one_class(training, labels, count),
        "copied": lambda count: training[:count],
    }
    if labels.max() == 0:  # All images have it.
        del makers["one_class"]
    return [Contender(f"references.{name}", _without_classes(make)) for name, make in makers.items()]


def _without_classes(make: Callable[[int], Images]) -> Callable[[int], Sample]:
    return lambda count: Sample(make(count))


def _one_class(images: Images, labels: Labels, count: int) -> Images:
    """Up to ``count`` images of the most frequent class alone, as after a total mode collapse."""
    frequent = np.flatnonzero(labels == np.bincount(labels).argmax())
    return images[frequent[:count]]
