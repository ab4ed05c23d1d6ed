"""Images along paths through latent space."""

from collections.abc import Sequence

from matplotlib.figure import Figure

from latentlab.core.arrays import Images
from latentlab.showing.figures import grids, style

WIDTH = 13.0
TITLE_HEIGHT = 0.8
NAMES_WIDTH = 2.0


def interpolations(images: Images, title: str) -> Figure:
    """The ways from one latent to another: each in a straight line, and below it along an arc.

    Args:
        images: uint8 (2 * pairs, steps, height, width, channels), of each pair the line and then the arc.
        title: whose latents they are.

    Raises:
        ValueError: the array has another type or shape, here and below.
    """
    return _rows(images, title, ["line", "arc"] * (len(images) // 2))


def traversals(images: Images, title: str, kl_per_dimension: Sequence[float]) -> Figure:
    """One latent with one coordinate changed, a row for each dimension, the most used first.

    Args:
        images: uint8 (rows, steps, height, width, channels), first that of the largest KL.
        title: whose latent it is, and how far it is moved.
        kl_per_dimension: in nats, of as many dimensions as there are rows or more.
    """
    # Sorting is stable, so of equals the first comes first.
    ranked = sorted(enumerate(kl_per_dimension, 1), key=lambda dimension: -dimension[1])
    names = [f"$z_{{{number}}}$, {kl:.2f} nats" for number, kl in ranked[: len(images)]]
    return _rows(images, title, names)


def _rows(images: Images, title: str, names: Sequence[str]) -> Figure:
    grids.check_images(images, 5)
    height = grids.height_for(images, WIDTH - NAMES_WIDTH) + TITLE_HEIGHT
    figure = style.new_figure(title, WIDTH, height)
    grids.show(figure.add_subplot(), images, names)
    return figure
