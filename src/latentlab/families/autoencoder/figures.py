"""The plain autoencoder: its training, where its latents lie, and images of each class."""

from collections.abc import Iterator

from matplotlib.figure import Figure

from latentlab.core import artifacts
from latentlab.families import arrays
from latentlab.showing.figures import classes, curves, latents


def figures() -> Iterator[tuple[str, Figure]]:
    """All of its own, by name."""
    yield (
        "autoencoder_curves",
        curves.autoencoder_curves(artifacts.load_json(artifacts.AUTOENCODER / "history.json")),
    )
    yield (
        "autoencoder_latent_scatter",
        latents.scatter(
            arrays.load("autoencoder_plane"),
            artifacts.load_labels("test"),
            "Autoencoder: test images in the latent space",
            arrays.latent_dim("autoencoder"),
            latents.NO_UNIT,
        ),
    )
    yield from of_each_class("autoencoder", "Autoencoder")


def of_each_class(model: str, title: str) -> Iterator[tuple[str, Figure]]:
    """A model's images of each class, if Gaussians were fitted to each."""
    if arrays.exists(f"{model}_by_class"):
        images, labels = arrays.load(f"{model}_by_class"), arrays.load(f"{model}_classes")
        title = f"{title}: draws from the Gaussian of each class"
        yield f"{model}_by_class", classes.by_class(images, title, labels)
