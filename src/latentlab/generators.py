"""What is scored: ways to make images, each under the name of its scores."""

from collections.abc import Callable
from typing import NamedTuple

import keras
import numpy as np
import numpy.typing as npt

from latentlab import inference
from latentlab.conditioning import num_classes_of
from latentlab.metrics import references
from latentlab.randomness import derive_seed

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


def of_prior(name: str, model: keras.Model, seed: int) -> Generator:
    """What a decoder or generator makes of draws from N(0, I)."""

    def draw(count: int) -> Drawn:
        latents = inference.draw_latents(count, model.input_shape[1], seed)
        return Drawn(inference.generate(model, latents))

    return Generator(name, draw)


def of_model(name: str, model: keras.Model, labels: Classes, seed: int) -> Generator:
    """What a model makes as it was trained: told classes, as drawn from labels (n,), or none."""
    return of_classes(name, model, labels, seed) if num_classes_of(model) else of_prior(name, model, seed)


def of_classes(name: str, model: keras.Model, labels: Classes, seed: int) -> Generator:
    """What a model that is told the class makes of draws from N(0, I), and of draws from labels (n,)."""

    def draw(count: int) -> Drawn:
        latents = inference.draw_latents(count, inference.latent_dim(model), seed)
        asked = np.random.default_rng(derive_seed(seed, "classes")).choice(labels, count)
        return Drawn(inference.generate(model, latents, asked), asked)

    return Generator(name, draw)


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


def _without_classes(make: Callable[[int], Images]) -> Callable[[int], Drawn]:
    return lambda count: Drawn(make(count))
