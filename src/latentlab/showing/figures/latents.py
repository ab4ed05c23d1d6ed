"""The plane of latents: where test images lie on it, and what is decoded from it."""

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.cm import ScalarMappable
from matplotlib.colors import BoundaryNorm, ListedColormap
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, ScalarFormatter

from latentlab.core.arrays import Floats, Images
from latentlab.showing import framing
from latentlab.showing.figures import grids, style

SIZE = 10.0
PRIOR_UNIT = "(prior standard deviations)"
# Of latents whose scale no prior sets.
NO_UNIT = "(no unit: no prior sets the scale)"
# Half the side of what is shown over that of the points.
REACH = 1.05
MOST_CLASS_TICKS = 20


def scatter(
    plane: Floats, labels: npt.NDArray[np.uint8], title: str, latent_dim: int, unit: str = PRIOR_UNIT
) -> Figure:
    """Test images as points on the plane of latents, coloured by class if there are several.

    Args:
        plane: float (n, 2), n of 1 or more.
        labels: uint8 (n,), classes counted from 0.
        title: whose latents they are.
        latent_dim: dimensions of z, which decide what the axes are called.
        unit: of the coordinates, as the axes say it.

    Raises:
        ValueError: there is no point, or labels and points differ in number.
    """
    if plane.shape != (len(labels), 2) or len(labels) == 0:
        raise ValueError(f"expected points (n, 2) and as many labels, got {plane.shape} and {labels.shape}")
    figure = style.new_figure(title, SIZE + 0.5, SIZE)
    axes = figure.add_subplot()
    colours = style.class_colours(int(labels.max()) + 1)
    # In the order of the data rather than class by class, so that no class hides the others.
    size = np.clip(40_000 / len(labels), 8, 80)
    axes.scatter(plane[:, 0], plane[:, 1], c=colours[labels], s=size, alpha=0.8, linewidths=0)
    frame_points(axes, plane)
    style.name_axes(axes, *axis_names(latent_dim, unit))
    if len(colours) > 1:
        _add_class_bar(figure, axes, colours)
    return figure


def manifold(images: Images, coordinates: Floats, title: str, latent_dim: int) -> Figure:
    """Images decoded from a grid on the plane of latents, oriented as the scatter is.

    Args:
        images: uint8 (n, n, height, width, channels); [i, j] is decoded at x = coordinates[0][j] and
            y = coordinates[1][i].
        coordinates: float (2, n), x and y evenly spaced and rising, in standard deviations of the prior.
            Both may stand still, as the second does when z has one dimension.
        title: what the grid covers.
        latent_dim: dimensions of z, which decide what the axes are called.

    Raises:
        ValueError: images and coordinates do not belong together.
    """
    if coordinates.shape != (2, len(images)) or images.shape[0] != images.shape[1]:
        raise ValueError(
            f"expected images (n, n, ...) and coordinates (2, n), got {images.shape} and {coordinates.shape}"
        )
    figure = style.new_figure(title, SIZE, SIZE)
    axes = figure.add_subplot()
    # The picture's first row is its top, where y is largest.
    picture = grids.mosaic(images[::-1], gap=0)
    (left, right), (bottom, top) = (_edges(values) for values in coordinates)
    axes.imshow(picture, extent=(left, right, bottom, top), aspect="auto")
    axes.set_box_aspect(picture.shape[0] / picture.shape[1])
    style.name_axes(axes, *axis_names(latent_dim))
    _mark(axes.xaxis, coordinates[0])
    _mark(axes.yaxis, coordinates[1])
    return figure


def axis_names(latent_dim: int, unit: str = PRIOR_UNIT) -> tuple[str, str]:
    """What the two axes of the plane are: z itself up to two dimensions, else principal components."""
    if latent_dim == 1:
        return f"$z_1$ {unit}", "no second latent"
    if latent_dim == 2:
        return f"$z_1$ {unit}", f"$z_2$ {unit}"
    return f"principal component 1 of $z$ {unit}", f"principal component 2 of $z$ {unit}"


def frame_points(axes: Axes, plane: Floats) -> None:
    """Show all points, float (n, 2), with one scale for both axes, and the prior's width at least."""
    # Distances on the picture are then distances between latents.
    (x, y), half = framing.square(plane, REACH)
    axes.set(xlim=(x - half, x + half), ylim=(y - half, y + half), box_aspect=1)


def _add_class_bar(figure: Figure, axes: Axes, colours: npt.NDArray[np.float64]) -> None:
    num_classes = len(colours)
    norm = BoundaryNorm(np.arange(num_classes + 1) - 0.5, num_classes)
    ticks = range(0, num_classes, -(-num_classes // MOST_CLASS_TICKS))
    mappable = ScalarMappable(norm, ListedColormap(list(colours)))
    bar = figure.colorbar(mappable, ax=axes, ticks=list(ticks), aspect=25)
    bar.ax.set_title("class", fontsize=style.LABEL_SIZE, color=style.INK)
    bar.ax.tick_params(which="both", labelsize=style.LABEL_SIZE, labelcolor=style.INK, length=0)
    bar.outline.set_visible(False)


def _edges(values: Floats) -> tuple[float, float]:
    """Outer edges of tiles whose centres lie at the values; one wide in all when the values stand still."""
    low, high = float(values[0]), float(values[-1])
    half = (high - low) / max(len(values) - 1, 1) / 2 or 0.5
    return low - half, high + half


def _mark(axis: Axis, values: Floats) -> None:
    # Closer than this, the numbers beside the ticks would differ in digits that nobody reads.
    if np.isclose(values[0], values[-1], rtol=1e-4, atol=1e-9):
        middle = values.mean(dtype=np.float64)
        axis.set_ticks([middle], labels=[f"{middle:.3g}"])
    else:
        axis.set_major_locator(MaxNLocator(7, steps=[1, 2, 5, 10]))
        axis.set_major_formatter(ScalarFormatter(useOffset=False))
