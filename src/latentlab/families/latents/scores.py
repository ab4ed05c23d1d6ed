"""What all models with an encoder have in common: ways to sample their latents, and pictures of these."""

from collections.abc import Mapping
from typing import Any

import keras
import numpy as np
import numpy.typing as npt

from latentlab.core import artifacts
from latentlab.core.arrays import Images, Latents
from latentlab.families import arrays
from latentlab.families.latents import (
    draws,
    explorer_arrays,
    fitted,
    pictures,
    planes,
    reconstruction,
    samplers,
)
from latentlab.families.latents.samplers import Mixture
from latentlab.learning.conditioning import given
from latentlab.learning.randomness import derive_seed
from latentlab.scoring.contenders import Contender
from latentlab.scoring.settings import Scoring

# Two of each digit.
NUM_RECONSTRUCTED = 20
# Training images whose encodings samplers are fitted to: enough for any of them.
MOST_FITTED = 10_000


def training_images() -> Images:
    """The training images whose encodings samplers are fitted to."""
    return artifacts.load_images("train")[:MOST_FITTED]


def fit_samplers(model: str, latents: Latents, settings: Scoring) -> dict[str, Mixture]:
    """Ways to sample a model's latents by name, fitted to those of ``training_images``; writes them."""
    found = samplers.fit(
        latents,
        artifacts.load_labels("train")[: len(latents)],
        ways=settings.evaluate.samplers,
        mixture_components=settings.evaluate.mixture_components,
        seed=derive_seed(settings.seed, "evaluate", model, "mixture"),
    )
    fitted.save(artifacts.scores_folder(model), found)
    return found


def list_contenders(
    model: str, decoder: keras.Model, found: Mapping[str, Mixture], seed: int
) -> list[Contender]:
    """The model's decoder under each way to draw its latents: the prior, and what was fitted."""
    labels = artifacts.load_labels("train")
    own = derive_seed(seed, "evaluate", model)
    return [draws.of_prior(model, decoder, labels, own, f"{model}/samples")] + [
        draws.of_mixture(
            f"samplers.{model}.{way}",
            decoder,
            mixture,
            labels,
            derive_seed(seed, "evaluate", model, way),
            f"{model}/samples_{way}",
        )
        for way, mixture in found.items()
    ]


def draw(
    model: str,
    decoder: keras.Model,
    latents: Latents,
    found: Mapping[str, Mixture],
    *,
    epsilon_sigma: float,
    seed: int,
) -> None:
    """Write what figures show of the latents of the test images, and of what is decoded around them.

    A decoder that is told the class is told the first one, but for reconstructions and classes on demand.

    Args:
        model: whose they are.
        decoder: latents to images.
        latents: of the test images, (n, latent_dim).
        found: the samplers that were fitted.
        epsilon_sigma: what the lecture's plane is measured in.
        seed: of params.yaml.
    """
    plane = planes.shown_plane(latents)
    coordinates = plane.locate(latents)
    untold = given(decoder, 0)
    seed = derive_seed(seed, "evaluate", model, "pictures")
    drawn: dict[str, npt.NDArray[Any]] = {
        "latents": latents,
        "plane": coordinates,
        "reconstructions": _reconstruct(decoder, latents),
        **planes.manifolds(untold, plane, coordinates, epsilon_sigma),
        **pictures.regions(untold, latents, plane, seed),
        **explorer_arrays.over_plane(untold, plane, coordinates),
    }
    if "per_class" in found:
        drawn["classes"] = np.asarray(found["per_class"].classes)
        drawn["by_class"] = pictures.of_components(decoder, found["per_class"], seed)
    arrays.save(model, drawn)


def _reconstruct(decoder: keras.Model, latents: Latents) -> Images:
    """A few test images of each class, and what comes back of them: uint8 (2, n, ...)."""
    shown = reconstruction.representatives(artifacts.load_labels("test"), NUM_RECONSTRUCTED)
    images, labels = artifacts.load_images("test")[shown], artifacts.load_labels("test")[shown]
    return reconstruction.reconstruct(decoder, images, latents[shown], labels)
