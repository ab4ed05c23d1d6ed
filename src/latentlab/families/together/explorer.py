"""What the explorer shows of all families: planes of those with an encoder, walks of those without."""

from collections.abc import Iterator

from latentlab.core import artifacts
from latentlab.families import arrays, roster
from latentlab.families.latents import budget
from latentlab.showing import pages
from latentlab.showing.explorer import page
from latentlab.showing.explorer.page import Explored, Walked

# A plane with more points says no more.
MOST_POINTS = 1000
GRID = ("explorer_images", "explorer_axes", "explorer_errors")
WALKS = "explorer_walks"


def render() -> str:
    """The page of what scorings wrote."""
    images, labels = artifacts.load_images("test"), artifacts.load_labels("test")
    count = min(len(images), MOST_POINTS, budget.num_images(images.shape[1:]))
    num_classes = artifacts.load_json(artifacts.DATA_INFO)["classes"]
    warning = pages.warning(artifacts.load_json(artifacts.YARDSTICK))
    shown = list(planes(count)), list(walks())
    return page.render(*shown, images[:count], labels[:count], num_classes, warning)


def planes(count: int) -> Iterator[Explored]:
    """The plane of each family that has one, with the points of the first ``count`` test images."""
    for family in roster.FAMILIES:
        if family.encoder:
            name = family.name
            yield Explored(
                name,
                family.title,
                family.has_prior,
                arrays.is_conditional(name),
                arrays.latent_dim(name),
                arrays.load(name, "plane")[:count],
                *(arrays.load(name, kind) for kind in GRID),
            )


def walks() -> Iterator[Walked]:
    """Walks of each family without an encoder: of the last of its models that has any."""
    for family in roster.FAMILIES:
        names = [model.name for model in family.models if arrays.exists(model.name, WALKS)]
        if names and not family.encoder:
            *_, last = names
            yield Walked(family.name, family.title, arrays.is_conditional(last), arrays.load(last, WALKS))
