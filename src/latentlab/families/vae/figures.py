"""The VAE: its training, its latent space, and what it makes of test images, of the prior and of classes."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.figure import Figure
from PIL.Image import Image

from latentlab.core import artifacts, settings
from latentlab.core.settings import Section
from latentlab.families import arrays
from latentlab.families.together.latent_figures import RECONSTRUCTION, of_each_class
from latentlab.families.vae.family import VAE
from latentlab.families.vae.settings import Settings
from latentlab.showing.figures import animations as moving
from latentlab.showing.figures import classes, curves, formation, latents, paths, reconstructions, samples
from latentlab.showing.figures.curves import Panel

PANELS = (
    RECONSTRUCTION,
    Panel(
        "KL divergence from the prior", "KL (nats)", {"train_kl": "training", "validation_kl": "validation"}
    ),
    Panel(
        "Reconstruction + weighted KL",
        "objective (nats)",
        {"train_objective": "training", "validation_objective": "validation"},
    ),
)


class Read(Section):
    """What its figures read of params.yaml."""

    vae: Settings


def figures() -> Iterator[tuple[str, Figure]]:
    """All of its own, by name."""
    yield (
        "vae_curves",
        curves.curves("VAE training", PANELS, artifacts.load_json(VAE.folder / "history.json")),
    )
    title = _title("VAE: its latent space as training goes on")
    yield "vae_progress", formation.formation(*_formed(), _epochs(), title)
    yield "vae_samples", samples.samples(arrays.load("vae", "samples"), "VAE: images decoded from the prior")
    originals, decoded = arrays.load("vae", "reconstructions")
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


def animations() -> Iterator[tuple[str, list[Image]]]:
    """Its training as it happened."""
    yield "vae_training", moving.of_latent_space(*_formed(), _epochs())


def _plane(latent_dim: int) -> Iterator[tuple[str, Figure]]:
    """The plane of latents: the test images on it, and what is decoded from it."""
    yield (
        "vae_latent_scatter",
        latents.scatter(
            arrays.load("vae", "plane"),
            artifacts.load_labels("test"),
            "VAE: test images in the latent space (z_mean)",
            latent_dim,
        ),
    )
    for name, title in (
        ("manifold", "VAE manifold over ±15 epsilon_sigma"),
        ("manifold_used", "VAE manifold where test images lie\n(1st to 99th percentile of each axis)"),
    ):
        images, axes = arrays.load("vae", name), arrays.load("vae", f"{name}_axes")
        yield f"vae_{name}", latents.manifold(images, axes, _title(title), latent_dim)


def _paths() -> Iterator[tuple[str, Figure]]:
    images = arrays.load("vae", "interpolations")
    yield "vae_interpolations", paths.interpolations(images, _title("VAE: from one test image to another"))
    if arrays.exists("vae", "traversals"):
        kl = artifacts.load_json(artifacts.METRICS)["vae"]["latent"]["kl_per_dimension_nats"]
        title = _title("VAE: one latent at a time, from -3 to 3,\nthe most used (largest KL) first")
        yield "vae_traversals", paths.traversals(arrays.load("vae", "traversals"), title, kl)


def _told_classes() -> Iterator[tuple[str, Figure]]:
    """Of a VAE that is told the class, one row a class, and latents under other classes."""
    if arrays.is_conditional("vae"):
        images, title = arrays.load("vae", "told_classes"), "VAE: a row for each class it is told"
        yield "vae_told_classes", classes.one_a_row(images, title, range(len(images)))
        title = "VAE: test images (left) and their latents\ndecoded as every class"
        yield "vae_styles", classes.styles(arrays.load("vae", "styles"), title)


def _title(title: str) -> str:
    return title + arrays.first_class("vae")


def _epochs() -> tuple[int, ...]:
    return settings.load_part(Read).vae.sample_epochs


def _formed() -> tuple[npt.NDArray[Any], npt.NDArray[Any], npt.NDArray[np.uint8]]:
    """Manifolds and planes by epoch, and the classes of the images on the planes."""
    manifolds, planes = (artifacts.load_array(VAE.folder / f"{name}.npy") for name in ("manifolds", "planes"))
    return manifolds, planes, artifacts.load_labels("validation")[: planes.shape[1]]
