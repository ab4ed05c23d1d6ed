"""What all models with an encoder have in common: ways to sample their latents, and pictures of these."""

from collections.abc import Collection, Mapping
from typing import Any

import keras
import numpy as np
import numpy.typing as npt

from latentlab.core import artifacts
from latentlab.core.randomness import derive_seed
from latentlab.families import params
from latentlab.families.entry import save_arrays
from latentlab.families.latents import explorer_arrays, pictures, planes, samplers
from latentlab.families.latents.samplers import Latents, Mixture
from latentlab.families.vae import bounds
from latentlab.learning.conditioning import given
from latentlab.scoring import contenders
from latentlab.scoring.contenders import Generator, Images

# Two of each digit.
NUM_RECONSTRUCTED = 20
# Training images whose encodings the samplers are fitted to: enough for any of them.
MOST_FITTED = 10_000


def training_images() -> Images:
    """The training images whose encodings samplers are fitted to."""
    return artifacts.load_images("train")[:MOST_FITTED]


def fit_samplers(
    model: str, latents: Latents, ways: Collection[str], settings: params.Params
) -> dict[str, Mixture]:
    """Ways to sample a model's latents by name, fitted to those of ``training_images``."""
    return samplers.fit(
        latents,
        artifacts.load_labels("train")[: len(latents)],
        ways=ways,
        mixture_components=settings.evaluate.mixture_components,
        seed=derive_seed(settings.seed, "evaluate", model, "mixture"),
    )


def list_generators(
    model: str, decoder: keras.Model, fitted: Mapping[str, Mixture], seed: int
) -> list[Generator]:
    """The model's decoder under each way to draw its latents: the prior, and what was fitted."""
    labels = artifacts.load_labels("train")
    prior = contenders.of_model(model, decoder, labels, derive_seed(seed, "evaluate", model))
    return [prior] + [
        contenders.of_mixture(
            f"samplers.{model}.{way}", decoder, mixture, labels, derive_seed(seed, "evaluate", model, way)
        )
        for way, mixture in fitted.items()
    ]


def draw(
    model: str,
    decoder: keras.Model,
    latents: Latents,
    fitted: Mapping[str, Mixture],
    settings: params.Params,
) -> None:
    """Write what figures show of the latents of the test images, and of what is decoded around them.

    A decoder that is told the class is told the first one, but for reconstructions and classes on demand.
    """
    plane = planes.shown_plane(latents)
    coordinates = plane.locate(latents)
    shown = bounds.representatives(artifacts.load_labels("test"), NUM_RECONSTRUCTED)
    images, labels = artifacts.load_images("test")[shown], artifacts.load_labels("test")[shown]
    untold = given(decoder, 0)
    seed = derive_seed(settings.seed, "evaluate", model, "pictures")
    arrays: dict[str, npt.NDArray[Any]] = {
        "latents": latents,
        "plane": coordinates,
        "reconstructions": bounds.reconstruct(decoder, images, latents[shown], labels),
        **planes.manifolds(untold, plane, coordinates, settings.vae.epsilon_sigma),
        **pictures.regions(untold, latents, plane, seed),
    }
    if "per_class" in fitted:
        arrays["classes"] = np.asarray(fitted["per_class"].classes)
        arrays["by_class"] = pictures.by_class(decoder, fitted["per_class"], seed)
    save_arrays(model, arrays)
    for name, array in explorer_arrays.over_plane(model, untold, plane, coordinates).items():
        artifacts.save_array(artifacts.ARRAYS / f"{name}.npy", array)
