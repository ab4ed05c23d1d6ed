"""Probabilistic principal component analysis: its components, where latents lie, and what it makes."""

from collections.abc import Iterator

from matplotlib.figure import Figure
from PIL.Image import Image

from latentlab.core import artifacts
from latentlab.families import arrays
from latentlab.families.linear.family import LINEAR
from latentlab.families.together.latent_figures import of_each_class
from latentlab.showing.figures import latents, paths, samples

NAME, TITLE = LINEAR.name, LINEAR.title


def figures() -> Iterator[tuple[str, Figure]]:
    """All of its own, by name."""
    kls = artifacts.load_json(artifacts.METRICS)[NAME]["latent"]["kl_per_dimension_nats"]
    yield (
        "linear_components",
        paths.traversals(arrays.load(NAME, "traversals"), f"{TITLE}: components from -3 to 3", kls),
    )
    yield (
        "linear_latent_scatter",
        latents.scatter(
            arrays.load(NAME, "plane"),
            artifacts.load_labels("test"),
            f"{TITLE}: test images in the latent space",
            arrays.latent_dim(NAME),
        ),
    )
    yield "linear_samples", samples.samples(arrays.load(NAME, "samples"), f"{TITLE}: images from the prior")
    yield from of_each_class(NAME, TITLE)


def animations() -> Iterator[tuple[str, list[Image]]]:
    """None: a closed form has no way to its end."""
    yield from ()
