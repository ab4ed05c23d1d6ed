"""What is scored: ways to make images, each under the name of its scores."""

from collections.abc import Callable
from typing import NamedTuple

import keras
import numpy as np
import numpy.typing as npt

from latentlab.core.randomness import derive_seed
from latentlab.families.latents.samplers import Mixture
from latentlab.learning.conditioning import num_classes_of
from latentlab.scoring.metrics import references
from latentlab.trained import inference

Images = npt.NDArray[np.uint8]
Classes = npt.NDArray[np.integer]


class Drawn(NamedTuple):
    """A set of images.

    Attributes:
        images: uint8 (n, height, width, channels).
        asked: the class that each was asked to be, (n,); None where none was asked for.
    """

    images: Images
    asked: Classes | None = None


class Generator(NamedTuple):
    """One way to make images.

    Attributes:
        name: where its scores stand in metrics.json, as keys with dots between them.
        draw: makes so many images, or fewer where there are no more.
        in_full: whether its scores come with intervals and histograms.
    """

    name: str
    draw: Callable[[int], Drawn]
    in_full: bool = True


def of_model(name: str, model: keras.Model, labels: Classes, seed: int) -> Generator:
    """What a model makes of draws from N(0, I), told classes as drawn from labels (n,) if it is told any."""

    def draw(count: int) -> Drawn:
        latents = inference.draw_latents(count, inference.latent_dim(model), seed)
        asked = _draw_classes(model, labels, count, seed)
        return Drawn(inference.generate(model, latents, asked), asked)

    return Generator(name, draw)


def of_mixture(name: str, decoder: keras.Model, fitted: Mixture, labels: Classes, seed: int) -> Generator:
    """What a decoder makes of draws from a mixture; a component that stands for a class asks for it.

    A decoder that is told the class is else told draws from labels (n,).
    """

    def draw(count: int) -> Drawn:
        components = fitted.draw_components(count, derive_seed(seed, "components"))
        latents = fitted.draw(components, derive_seed(seed, "latents"))
        own = None if fitted.classes is None else fitted.classes[components]
        asked = _draw_classes(decoder, labels, count, seed) if own is None else own
        return Drawn(inference.generate(decoder, latents, asked), asked)

    return Generator(name, draw, in_full=False)


def of_references(
    validation: Images, training: Images, labels: npt.NDArray[np.uint8], seed: int
) -> list[Generator]:
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
    return [Generator(f"references.{name}", _without_classes(make)) for name, make in makers.items()]


def _draw_classes(model: keras.Model, labels: Classes, count: int, seed: int) -> Classes | None:
    """Classes for a model that is told them, by their shares in labels (n,); None for one that is not."""
    if not num_classes_of(model):
        return None
    return np.random.default_rng(derive_seed(seed, "classes")).choice(labels, count)


def _without_classes(make: Callable[[int], Images]) -> Callable[[int], Drawn]:
    return lambda count: Drawn(make(count))
