"""Sets of images with one known trouble each, made from held-out real ones."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from latentlab.core.arrays import Images, Labels
from latentlab.scoring.yardstick import degradations


class HeldOut(NamedTuple):
    """What failures are made of.

    Attributes:
        images: real ones that no model and no ladder has seen, uint8 (n, height, width, channels).
        labels: of those, (n,).
        training: what models were trained on, at least n.
        untrained: so many samples of a generator that has learned nothing; None without one.
        seed: of the noise.
    """

    images: Images
    labels: Labels
    training: Images
    untrained: Images | None
    seed: int


class Failure(NamedTuple):
    """A set of images and what a verdict has to say of it.

    Attributes:
        name: of the set.
        make: its images.
        finding: what must be found; None where nothing may be.
        allowed: what may be found as well.
    """

    name: str
    make: Callable[[HeldOut], Images]
    finding: str | None
    allowed: frozenset[str] = frozenset()


def _of_classes(held: HeldOut, share: float) -> Images:
    """Those of the last so many classes, of one at least."""
    classes = np.unique(held.labels)
    return held.images[np.isin(held.labels, classes[-max(1, round(share * len(classes))) :])]


def _with_copies(held: HeldOut, share: float) -> Images:
    """With the last so many replaced by training images."""
    count = round(share * len(held.images))
    return np.concatenate([held.images[count:], held.training[-count:]])


def _untrained(held: HeldOut) -> Images:
    if held.untrained is None:
        raise ValueError("expected samples of a generator that has learned nothing, got none")
    return held.untrained


# What images without structure are besides.
RUINED = frozenset({"mode collapse", "low diversity", "grain or checkerboard", "blurred samples"})
FAR = frozenset({"far from real images"})
NO_STRUCTURE = frozenset({"no structure"})

FAILURES = (
    Failure("held-out real images", lambda held: held.images, None),
    Failure(
        "white noise", lambda held: degradations.white_noise(held.images, held.seed), "no structure", RUINED
    ),
    Failure(
        "noise with the images' spectrum",
        lambda held: degradations.mixed_with_spectrum_noise(held.images, 1.0, held.seed),
        "no structure",
        RUINED,
    ),
    Failure(
        "phase-scrambled",
        lambda held: degradations.phase_scrambled(held.images, 1.0, held.seed),
        "no structure",
        RUINED,
    ),
    Failure("untrained generator", _untrained, "no structure", RUINED),
    Failure("one grey", lambda held: np.full_like(held.images, 128), "no structure", RUINED),
    Failure(
        "blurred",
        lambda held: degradations.blurred(held.images, 1 / 14),
        "blurred samples",
        FAR | NO_STRUCTURE | {"low diversity", "mode collapse"},
    ),
    Failure(
        "checkerboard",
        lambda held: degradations.checkered(held.images, 0.1),
        "grain or checkerboard",
        FAR | NO_STRUCTURE,
    ),
    Failure(
        "grain",
        lambda held: degradations.noisy(held.images, 0.15, held.seed),
        "grain or checkerboard",
        FAR | NO_STRUCTURE,
    ),
    Failure(
        "one class",
        lambda held: _of_classes(held, 0.1),
        "mode collapse",
        FAR | NO_STRUCTURE | {"low diversity"},
    ),
    Failure("half of the classes", lambda held: _of_classes(held, 0.5), "mode collapse", FAR),
    Failure(
        "ten images again and again",
        lambda held: np.resize(held.images[:10], held.images.shape),
        "mode collapse",
        FAR | NO_STRUCTURE | {"low diversity"},
    ),
    Failure("10 % copies", lambda held: _with_copies(held, 0.1), "memorisation"),
    Failure("copies", lambda held: _with_copies(held, 1.0), "memorisation"),
    Failure("hue turned", lambda held: degradations.hue_turned(held.images, 90), "far from real images"),
)


def of(held: HeldOut) -> Sequence[Failure]:
    """Those that such images can have: no hue without colours, no classes without labels."""
    left_out = set()
    if held.untrained is None:
        left_out.add("untrained generator")
    if held.images.shape[-1] == 1:
        left_out.add("hue turned")
    if held.labels.max() == 0:
        left_out |= {"one class", "half of the classes"}
    return [failure for failure in FAILURES if failure.name not in left_out]
