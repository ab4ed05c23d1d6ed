"""The VAE: its training, its latent space, and what it makes of test images, of the prior and of classes."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.figure import Figure
from PIL.Image import Image

from latentlab.core import artifacts
from latentlab.families import arrays, params
from latentlab.families.autoencoder.figures import of_each_class
from latentlab.showing.figures import (
    animations,
    classes,
    curves,
    formation,
    latents,
    paths,
    reconstructions,
    samples,
)


def figures() -> Iterator[tuple[str, Figure]]:
    """All of its own, by name."""
    yield "vae_curves", curves.vae_curves(artifacts.load_json(artifacts.VAE / "history.json"))
    title = _title("VAE: its latent space as training goes on")
    yield "vae_progress", formation.formation(*_formed(), params.load().vae.sample_epochs, title)
    yield "vae_samples", samples.samples(arrays.load("vae_samples"), "VAE: images decoded from the prior")
    originals, decoded = arrays.load("vae_reconstructions")
    yield (
        "vae_reconstructions",
        reconstructions.reconstructions(
            originals, {"VAE": decoded}, "VAE: test images and their reconstructions"
        ),
    )
    yield from _plane(arrays.latent_dim("vae"))
    yield from _paths()
    yield from of_each_class("vae", "VAE")
    yield from _told_classes()


def training() -> list[Image]:
    """Its training as it happened."""
    return animations.of_latent_space(*_formed(), params.load().vae.sample_epochs)


def _plane(latent_dim: int) -> Iterator[tuple[str, Figure]]:
    """The plane of latents: the test images on it, and what is decoded from it."""
    yield (
        "vae_latent_scatter",
        latents.scatter(
            arrays.load("vae_plane"),
            artifacts.load_labels("test"),
            "VAE: test images in the latent space (z_mean)",
            latent_dim,
        ),
    )
    for name, title in (
        ("vae_manifold", "VAE manifold over ±15 epsilon_sigma"),
        ("vae_manifold_used", "VAE manifold where test images lie\n(1st to 99th percentile of each axis)"),
    ):
        images, axes = arrays.load(name), arrays.load(f"{name}_axes")
        yield name, latents.manifold(images, axes, _title(title), latent_dim)


def _paths() -> Iterator[tuple[str, Figure]]:
    images = arrays.load("vae_interpolations")
    yield "vae_interpolations", paths.interpolations(images, _title("VAE: from one test image to another"))
    if arrays.exists("vae_traversals"):
        kl = artifacts.load_json(artifacts.METRICS)["vae"]["latent"]["kl_per_dimension_nats"]
        title = _title("VAE: one latent at a time, from -3 to 3,\nthe most used (largest KL) first")
        yield "vae_traversals", paths.traversals(arrays.load("vae_traversals"), title, kl)


def _told_classes() -> Iterator[tuple[str, Figure]]:
    """Of a VAE that is told the class, one row a class, and latents under other classes."""
    if arrays.exists("vae_told_classes"):
        images = arrays.load("vae_told_classes")
        yield (
            "vae_told_classes",
            classes.by_class(images, "VAE: a row for each class it is told", range(len(images))),
        )
        yield "vae_styles", classes.styles(arrays.load("vae_styles"))


def _title(title: str) -> str:
    return title + arrays.first_class("vae")


def _formed() -> tuple[npt.NDArray[Any], npt.NDArray[Any], npt.NDArray[np.uint8]]:
    """Manifolds and planes by epoch, and the classes of the images on the planes."""
    manifolds, planes = (
        artifacts.load_array(artifacts.VAE / f"{name}.npy") for name in ("manifolds", "planes")
    )
    return manifolds, planes, artifacts.load_labels("validation")[: planes.shape[1]]
