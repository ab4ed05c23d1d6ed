"""Ways to draw latents of a model, some at a time."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from latentlab.core.arrays import Labels
from latentlab.core.errors import RequestError
from latentlab.families.latents.samplers import Mixture
from latentlab.interface import classes
from latentlab.interface.points import BLOCK, Points
from latentlab.learning.randomness import derive_seed

if TYPE_CHECKING:  # which would load TensorFlow
    from latentlab.interface.networks import Decoder


class Stretch(NamedTuple):
    """Draws ``size`` in number, with ``start`` before them, by a seed of their own."""

    start: int
    size: int
    seed: int


Draw = Callable[[Stretch], Points]


def stretches(count: int, seed: int) -> Iterator[Stretch]:
    """Stretches that make up so many draws."""
    for start in range(0, count, BLOCK):
        yield Stretch(start, min(BLOCK, count - start), derive_seed(seed, "sample", str(start)))


def prior(decoder: "Decoder", label: int | None) -> Draw:
    """Draws from N(0, I)."""

    def draw(stretch: Stretch) -> Points:
        drawn = decoder.draw_prior(stretch.size, stretch.seed)
        return Points(drawn, _told(decoder, stretch, label))

    return draw


def fitted(decoder: "Decoder", mixture: Mixture, label: int | None) -> Draw:
    """Draws from a mixture; of one a class, from that of the class alone if one is asked for."""
    chosen = None if mixture.classes is None else _component(mixture.classes, label)

    def draw(stretch: Stretch) -> Points:
        components = mixture.draw_components(stretch.size, derive_seed(stretch.seed, "components"))
        if chosen is not None:
            components = np.full(stretch.size, chosen)
        drawn = mixture.draw(components, derive_seed(stretch.seed, "latents"))
        if mixture.classes is not None:
            return Points(drawn, mixture.classes[components].astype(np.uint8))
        return Points(drawn, _told(decoder, stretch, label))

    return draw


def require_labelled(mixture: Mixture) -> None:
    """Refuse one Gaussian a class where the training images had no labels.

    Raises:
        RequestError: as said.
    """
    if mixture.classes is not None and not mixture.classes.any():
        raise RequestError(
            "the class, and the sampler per_class: expected labelled training images, got images without "
            "labels. Set data.source in params.yaml to images with labels and run `dvc repro`."
        )


def _component(known: npt.NDArray[np.integer], label: int | None) -> int | None:
    if label is None:
        return None
    if label not in known:
        raise RequestError(
            f"expected one of the classes of the training images, {', '.join(map(str, known))}; got {label}."
        )
    return int(np.flatnonzero(known == label)[0])


def _told(decoder: "Decoder", stretch: Stretch, label: int | None) -> Labels | None:
    """The class that is asked for; else all classes of a conditional model, over and over."""
    if label is None and decoder.num_classes:
        return (np.arange(stretch.start, stretch.start + stretch.size) % decoder.num_classes).astype(np.uint8)
    return classes.told(decoder.num_classes, stretch.size, label)
