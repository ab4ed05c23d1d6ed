"""The plane of latents: points and decoded images lie where their coordinates say, collapsed or not."""

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from latentlab.showing.figures import latents, style

LABELS = np.array([0, 1, 9, 1], np.uint8)
PLANE = np.array([[0, 0], [3, -2], [-3, 2], [1, 1]], np.float32)


def drawn(figure: Figure) -> Axes:
    """The first axes, after everything has been laid out as it would be saved."""
    figure.draw_without_rendering()
    return figure.axes[0]


def grid(size: int = 3) -> np.ndarray:
    """Images of one pixel whose value is ten times the row and one times the column."""
    row, column = np.indices((size, size))
    return (10 * row + column).astype(np.uint8)[..., None, None, None]


def test_points_lie_at_their_coordinates_in_their_class_colour() -> None:
    points = drawn(latents.scatter(PLANE, LABELS, "title", latent_dim=2)).collections[0]
    np.testing.assert_allclose(np.asarray(points.get_offsets()), PLANE)
    np.testing.assert_allclose(np.asarray(points.get_facecolor())[:, :3], style.class_colours(10)[LABELS])


def test_both_axes_have_one_scale() -> None:
    axes = drawn(latents.scatter(PLANE * [1, 0.1], LABELS, "title", latent_dim=2))
    assert np.ptp(axes.get_xlim()) == pytest.approx(np.ptp(axes.get_ylim()))


@pytest.mark.parametrize("spread", [0, 1e-6, 0.01])
def test_a_collapsed_plane_looks_like_one(spread: float) -> None:
    axes = drawn(latents.scatter(PLANE * spread + 0.5, LABELS, "title", latent_dim=2))
    np.testing.assert_allclose(axes.get_xlim(), (-0.55, 1.55))
    np.testing.assert_allclose(axes.get_ylim(), (-0.55, 1.55))


def test_images_without_labels_need_no_class_bar() -> None:
    figure = latents.scatter(np.zeros((3, 2), np.float32), np.zeros(3, np.uint8), "title", latent_dim=3)
    assert len(figure.axes) == 1


@pytest.mark.parametrize(("num_classes", "num_ticks"), [(2, 2), (10, 10), (26, 13), (200, 20)])
def test_the_class_bar_stays_legible(num_classes: int, num_ticks: int) -> None:
    labels = np.arange(num_classes, dtype=np.uint8)
    figure = latents.scatter(np.zeros((num_classes, 2), np.float32), labels, "title", latent_dim=3)
    drawn(figure)
    names = [label.get_text() for label in figure.axes[1].get_yticklabels()]
    assert len(names) == num_ticks
    assert names[0] == "0"


def test_unequal_numbers_of_points_and_labels_are_refused() -> None:
    with pytest.raises(ValueError, match=r"got \(4, 2\) and \(3,\)"):
        latents.scatter(PLANE, LABELS[:3], "title", latent_dim=2)
    with pytest.raises(ValueError, match="as many labels"):
        latents.scatter(PLANE[:0], LABELS[:0], "title", latent_dim=2)


def test_the_manifold_is_oriented_as_the_scatter_is() -> None:
    coordinates = np.array([[-2, 0, 2], [-1, 0, 1]], np.float32)
    axes = drawn(latents.manifold(grid(), coordinates, "title", latent_dim=2))
    (picture,) = axes.images
    # [i, j] lies at x[j], y[i]: the top row of the picture is the last row of the grid.
    np.testing.assert_array_equal(
        np.asarray(picture.get_array())[..., 0], [[20, 21, 22], [10, 11, 12], [0, 1, 2]]
    )
    assert picture.origin == "upper"
    # Tiles are centred on their coordinates, so the picture reaches half a step further.
    np.testing.assert_allclose(picture.get_extent(), [-3, 3, -1.5, 1.5])
    assert axes.get_ylim()[0] < axes.get_ylim()[1]


def test_tiles_keep_their_shape_whatever_the_axes_measure() -> None:
    images = np.zeros((3, 3, 10, 20, 3), np.uint8)
    axes = drawn(latents.manifold(images, np.array([[0, 1, 2], [0, 50, 100]]), "title", latent_dim=2))
    assert axes.get_box_aspect() == pytest.approx(0.5)


@pytest.mark.parametrize("value", [0.0, 0.013, -40.0])
def test_an_axis_that_stands_still_has_one_tick_in_its_middle(value: float) -> None:
    coordinates = np.array([[-1, 0, 1], [value] * 3], np.float32)
    axes = drawn(latents.manifold(grid(), coordinates, "title", latent_dim=1))
    (tick,) = axes.get_yticks()
    assert tick == pytest.approx(value)
    assert tick == pytest.approx(sum(axes.get_ylim()) / 2)
    assert len(axes.get_xticks()) > 1


def test_an_axis_that_all_but_stands_still_can_be_drawn() -> None:
    value = np.float32(0.013)
    ends = np.array([value, value, np.nextafter(value, np.float32(1))])
    axes = drawn(latents.manifold(grid(), np.stack([ends, ends]), "title", latent_dim=2))
    assert [label.get_text() for label in axes.get_xticklabels()] == ["0.013"]
    assert axes.get_xlim()[0] < axes.get_xticks()[0] < axes.get_xlim()[1]


def test_coordinates_of_another_grid_are_refused() -> None:
    with pytest.raises(ValueError, match=r"coordinates \(2, n\), got \(3, 3, 1, 1, 1\) and \(2, 4\)"):
        latents.manifold(grid(), np.zeros((2, 4)), "title", latent_dim=2)


@pytest.mark.parametrize(
    ("latent_dim", "x", "y"),
    [
        (1, "z_1", "no second latent"),
        (2, "z_1", "z_2"),
        (16, "principal component 1", "principal component 2"),
    ],
)
def test_axes_say_what_they_measure(latent_dim: int, x: str, y: str) -> None:
    axes = drawn(latents.scatter(PLANE, LABELS, "title", latent_dim))
    assert x in axes.get_xlabel()
    assert "prior standard deviations" in axes.get_xlabel()
    assert y in axes.get_ylabel()


def test_axes_without_a_prior_say_so() -> None:
    axes = drawn(latents.scatter(PLANE, LABELS, "title", 2, latents.NO_UNIT))
    assert "no prior" in axes.get_xlabel()
    assert "standard deviations" not in axes.get_xlabel()
