"""What makes images of draws from a latent space, to be scored."""

import keras
import numpy as np

from latentlab.core.arrays import Labels
from latentlab.families.latents.samplers import Mixture
from latentlab.learning.conditioning import num_classes_of
from latentlab.learning.randomness import derive_seed
from latentlab.scoring.contenders import Contender, Sample
from latentlab.trained import inference


def of_prior(
    name: str, network: keras.Model, labels: Labels, seed: int, shown: str | None = None
) -> Contender:
    """What a network makes of draws from N(0, I), told classes as drawn from labels (n,) if it is told any.

    For ``name`` and ``shown`` see ``Contender``.
    """

    def draw(count: int) -> Sample:
        latents = inference.draw_latents(count, inference.latent_dim(network), seed)
        asked = _draw_classes(network, labels, count, seed)
        return Sample(inference.generate(network, latents, asked), asked)

    return Contender(name, draw, shown=shown)


def of_mixture(
    name: str, network: keras.Model, fitted: Mixture, labels: Labels, seed: int, shown: str | None = None
) -> Contender:
    """What a network makes of draws from a mixture; a component that stands for a class asks for it.

    A network that is told the class is else told draws from labels (n,).
    """

    def draw(count: int) -> Sample:
        components = fitted.draw_components(count, derive_seed(seed, "components"))
        latents = fitted.draw(components, derive_seed(seed, "latents"))
        own = None if fitted.classes is None else fitted.classes[components]
        asked = _draw_classes(network, labels, count, seed) if own is None else own
        return Sample(inference.generate(network, latents, asked), asked)

    return Contender(name, draw, in_full=False, shown=shown)


def _draw_classes(network: keras.Model, labels: Labels, count: int, seed: int) -> Labels | None:
    """Classes for a network that is told them, by their shares in labels (n,); None for one that is not."""
    if not num_classes_of(network):
        return None
    return np.random.default_rng(derive_seed(seed, "classes")).choice(labels, count)
