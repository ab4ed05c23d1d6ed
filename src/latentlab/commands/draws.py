"""Ways to draw latents for ``sample``, some at a time."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

import keras
import numpy as np
import numpy.typing as npt

from latentlab.commands import classes, networks
from latentlab.commands.points import BLOCK, Points
from latentlab.core.arrays import Labels
from latentlab.core.errors import CommandError
from latentlab.families.latents.samplers import Mixture
from latentlab.learning.conditioning import num_classes_of
from latentlab.learning.randomness import derive_seed
from latentlab.trained import inference


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


def prior(decoder: keras.Model, label: int | None) -> Draw:
    """Draws from N(0, I), for a decoder or generator."""

    def draw(stretch: Stretch) -> Points:
        drawn = inference.draw_latents(stretch.size, inference.latent_dim(decoder), stretch.seed)
        return Points(drawn, classes.told(decoder, stretch.size, label, _in_turn(decoder, stretch)))

    return draw


def fitted(decoder: keras.Model, mixture: Mixture, label: int | None) -> Draw:
    """Draws from a mixture; of one a class, from that of the class alone if one is asked for."""
    chosen = None if mixture.classes is None else _component(mixture.classes, label)

    def draw(stretch: Stretch) -> Points:
        components = mixture.draw_components(stretch.size, derive_seed(stretch.seed, "components"))
        if chosen is not None:
            components = np.full(stretch.size, chosen)
        drawn = mixture.draw(components, derive_seed(stretch.seed, "latents"))
        if mixture.classes is not None:
            return Points(drawn, mixture.classes[components].astype(np.uint8))
        return Points(drawn, classes.told(decoder, stretch.size, label, _in_turn(decoder, stretch)))

    return draw


def load(way: str, model: str, origin: str | None) -> Mixture:
    """A sampler as the scoring fitted it, to the encodings of the training images.

    Args:
        way: ``gaussian``, ``mixture`` or ``per_class``.
        model: one with an encoder.
        origin: where it comes from, see ``networks.load``.

    Raises:
        ArtifactError: the workspace has no samplers.
        CommandError: it was not fitted, nobody knows where, or the training images have no labels.
    """
    found = networks.load_samplers(model, origin)
    if way not in found:
        raise CommandError(
            f"--sampler: expected one of those that were fitted ({', '.join(found) or 'none'}), got {way}. "
            "Add it to evaluate.samplers in params.yaml and run `dvc repro`."
        )
    known = found[way].classes
    if known is not None and not known.any():
        raise CommandError(
            "--class and --sampler per_class: expected labelled training images, got images without labels. "
            "Set data.source in params.yaml to images with labels and run `dvc repro`."
        )
    return found[way]


def _component(known: npt.NDArray[np.integer], label: int | None) -> int | None:
    if label is None:
        return None
    if label not in known:
        raise CommandError(
            f"--class: expected one of the classes of the training images, {', '.join(map(str, known))}; got "
            f"{label}."
        )
    return int(np.flatnonzero(known == label)[0])


def _in_turn(decoder: keras.Model, stretch: Stretch) -> Labels | None:
    """All classes of a conditional model, over and over."""
    if not num_classes_of(decoder):
        return None
    return (np.arange(stretch.start, stretch.start + stretch.size) % num_classes_of(decoder)).astype(np.uint8)
