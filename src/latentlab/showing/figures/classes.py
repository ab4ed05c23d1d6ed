"""Images of each class on demand."""

from collections.abc import Iterable, Sequence

from matplotlib.figure import Figure

from latentlab.core.arrays import Images
from latentlab.showing.figures import grids, style

WIDTH = 10.0
TITLE_HEIGHT = 0.8


def one_a_row(images: Images, title: str, labels: Iterable[int]) -> Figure:
    """A row of images for each class.

    Args:
        images: uint8 (num_classes, n, height, width, channels).
        title: whose they are.
        labels: the class of each row.

    Raises:
        ValueError: the array has another type or shape, here and below.
    """
    return _grid(images, title, [str(label) for label in labels])


def styles(images: Images, title: str) -> Figure:
    """A row for each test image: the image, and its latent decoded as every class.

    Args:
        images: uint8 (n, 1 + num_classes, height, width, channels), [:, 0] the test images.
        title: whose latents they are.
    """
    return _grid(images, title)


def _grid(images: Images, title: str, row_names: Sequence[str] = ()) -> Figure:
    grids.check_images(images, 5)
    figure = style.new_figure(title, WIDTH, grids.height_for(images, WIDTH) + TITLE_HEIGHT)
    grids.show(figure.add_subplot(), images, row_names)
    return figure
