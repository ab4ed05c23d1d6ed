"""Ladders of degraded real images: each a way to become worse, at three strengths."""

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from latentlab.core.arrays import Images, Labels
from latentlab.learning.randomness import derive_seed
from latentlab.scoring.yardstick import degradations

# Shares of the image's side: one, two and four pixels of 28.
BLURS = (1 / 28, 1 / 14, 1 / 7)
# Shares of the range, and what stands for noise alone: JSON has no infinity.
NOISE_ALONE = 1.0
NOISES = (0.05, 0.3, NOISE_ALONE)
SHARES = (1 / 3, 2 / 3, 1.0)
PATCHES = (2, 4, 8)
CHECKERS = (0.03, 0.1, 0.3)
DEGREES = (30, 60, 90)
CLASSES_LEFT = (0.8, 0.5, 0.1)
COPIES = (0.1, 0.5, 1.0)
# Of the images, by the last step without classes: where more are left, such as those of a class to which
# nearly all belong, little is gone to be noticed.
MOST_LEFT = 2 / 3

# A mean difference of the channels as a share of the range: with less, there is no hue to turn.
LEAST_COLOUR = 0.05


# Strengths, and how images of such a strength are made.
Ladder = tuple[tuple[float, ...], Callable[[float], Images]]


class Rung(NamedTuple):
    """One degradation at one strength.

    Attributes:
        ladder: its name.
        strength: in the ladder's own unit.
        make: the images, from held-out real ones, uint8 (n, height, width, channels).
    """

    ladder: str
    strength: float
    make: Callable[[], Images]


def of(images: Images, labels: Labels, training: Images, seed: int) -> list[Rung]:
    """All ladders that such images have, step by step: no hue without colours, no classes without several.

    Args:
        images: held-out real ones, uint8 (n, height, width, channels); single classes have fewer.
        labels: of those, (n,); all 0 where there are no classes to see.
        training: what models were trained on, for copies, which are no more than these.
        seed: of the noise.
    """
    ladders = _quality(images, seed) | _variety(images, labels, training)
    return [
        Rung(name, strength, partial(make, strength))
        for name, (strengths, make) in ladders.items()
        for strength in strengths
    ]


def _quality(images: Images, seed: int) -> dict[str, Ladder]:
    """Each image for itself becomes worse."""
    seeds = {purpose: derive_seed(seed, "yardstick", purpose) for purpose in ("noise", "phases", "patches")}
    ladders: dict[str, Ladder] = {
        "blur": (BLURS, lambda share: degradations.blurred(images, share)),
        "white noise": (NOISES, lambda sigma: _noisy(images, sigma, seeds["noise"])),
        "spectrum noise": (
            SHARES,
            lambda share: degradations.mixed_with_spectrum_noise(images, share, seeds["noise"]),
        ),
        "phases": (SHARES, lambda share: degradations.phase_scrambled(images, share, seeds["phases"])),
        "patches": (PATCHES, lambda count: degradations.shuffled(images, int(count), seeds["patches"])),
        "checkerboard": (CHECKERS, lambda amplitude: degradations.checkered(images, amplitude)),
    }
    if _are_coloured(images):
        ladders["hue"] = (DEGREES, lambda degrees: degradations.hue_turned(images, degrees))
    return ladders


def _variety(images: Images, labels: Labels, training: Images) -> dict[str, Ladder]:
    """The set becomes poorer, each image stays as it is."""
    ladders: dict[str, Ladder] = {
        "copies": (COPIES, lambda share: _with_copies(images, training, share)),
    }
    if np.mean(_of_classes(labels, min(CLASSES_LEFT))) <= MOST_LEFT:
        ladders["classes"] = (CLASSES_LEFT, lambda share: images[_of_classes(labels, share)])
    return ladders


def _noisy(images: Images, sigma: float, seed: int) -> Images:
    if sigma == NOISE_ALONE:
        return degradations.white_noise(images, seed)
    return degradations.noisy(images, sigma, seed)


def pictures(images: Images, seed: int) -> dict[str, Images]:
    """A few images on each ladder that changes them: uint8 (3 strengths, n, height, width, channels) each."""
    return {
        name: np.stack([make(strength) for strength in strengths])
        for name, (strengths, make) in _quality(images, seed).items()
    }


def _are_coloured(images: Images) -> bool:
    return bool(np.mean(np.ptp(images, axis=-1)) > LEAST_COLOUR * 255)


def _of_classes(labels: Labels, share: float) -> npt.NDArray[np.bool_]:
    """Where images of the first so many classes are, of one at least."""
    classes = np.unique(labels)
    return np.isin(labels, classes[: max(1, round(share * len(classes)))])


def _with_copies(images: Images, training: Images, share: float) -> Images:
    """With the first so many replaced by training images; no more in all than there are of these."""
    images = images[: len(training)]
    count = round(share * len(images))
    return np.concatenate([training[:count], images[count:]])
