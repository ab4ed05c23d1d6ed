"""The plain autoencoder: its training, where its latents lie, and images of each class."""

from collections.abc import Iterator

from matplotlib.figure import Figure
from PIL.Image import Image

from latentlab.core import artifacts
from latentlab.families import arrays
from latentlab.families.autoencoder.family import AUTOENCODER
from latentlab.families.together.latent_figures import RECONSTRUCTION, of_each_class
from latentlab.showing.figures import curves, latents

PANELS = (RECONSTRUCTION,)


def figures() -> Iterator[tuple[str, Figure]]:
    """All of its own, by name."""
    history = artifacts.load_json(AUTOENCODER.folder / "history.json")
    yield "autoencoder_curves", curves.curves("Autoencoder training", PANELS, history)
    yield (
        "autoencoder_latent_scatter",
        latents.scatter(
            arrays.load("autoencoder", "plane"),
            artifacts.load_labels("test"),
            "Autoencoder: test images in the latent space",
            arrays.latent_dim("autoencoder"),
            latents.NO_UNIT,
        ),
    )
    yield from of_each_class("autoencoder", "Autoencoder")


def animations() -> Iterator[tuple[str, list[Image]]]:
    """None: nothing is drawn of it on the way."""
    yield from ()
