"""Colours: distinct to every eye, visible on white, and enough for any number of classes."""

import numpy as np
import numpy.typing as npt
import pytest

from latentlab.showing.figures import style

Floats = npt.NDArray[np.float64]

# What full colour blindness of each kind makes of linear RGB: Machado, Oliveira and Fernandes, "A
# Physiologically-based Model for Simulation of Color Vision Deficiency" (2009), table 1, severity 1.
SIGHT = {
    "normal": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritanopia": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}


def linear(colours: Floats) -> Floats:
    """Linear RGB of sRGB colours."""
    return np.where(colours <= 0.04045, colours / 12.92, ((colours + 0.055) / 1.055) ** 2.4)


def lab(light: Floats) -> Floats:
    """CIELAB (D65) of linear RGB, in which equal distances look about equally far apart."""
    xyz = (
        light
        @ np.array([[0.4124, 0.2126, 0.0193], [0.3576, 0.7152, 0.1192], [0.1805, 0.0722, 0.9505]])
        / np.array([0.9505, 1, 1.0890])
    )
    root = np.where(xyz > 216 / 24389, np.cbrt(xyz), (24389 / 27 * xyz + 16) / 116)
    x, y, z = root.T
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=1)


def least_distance(colours: Floats, sight: Floats) -> float:
    """The CIELAB distance of the two colours that are hardest to tell apart."""
    seen = lab(np.clip(linear(colours) @ sight.T, 0, 1))
    distances = np.linalg.norm(seen[:, None] - seen[None], axis=-1)
    return float(distances[~np.eye(len(colours), dtype=bool)].min())


@pytest.mark.parametrize("kind", SIGHT)
def test_ten_classes_can_be_told_apart(kind: str) -> None:
    # Ten times what is just noticeable; matplotlib's own ten colours come to 4.6 under protanopia.
    assert least_distance(style.class_colours(10), SIGHT[kind]) > 23


def test_the_measure_finds_red_and_green_alike() -> None:
    red_and_green = np.array([[0.8, 0.25, 0.2], [0.45, 0.45, 0.2]])
    assert (
        least_distance(red_and_green, SIGHT["deuteranopia"])
        < least_distance(red_and_green, SIGHT["normal"]) / 3
    )


def test_no_colour_fades_on_white() -> None:
    lightness = lab(linear(style.class_colours(10)))[:, 0]
    assert lightness.max() < 82


@pytest.mark.parametrize("num_classes", [1, 2, 10, 11, 47, 256])
def test_every_class_has_a_colour_of_its_own(num_classes: int) -> None:
    colours = style.class_colours(num_classes)
    assert colours.shape == (num_classes, 3)
    assert colours.min() >= 0
    assert colours.max() <= 1
    assert len(np.unique(colours, axis=0)) >= min(num_classes, 200)


def test_more_classes_than_ten_rise_in_lightness() -> None:
    assert np.all(np.diff(lab(linear(style.class_colours(26)))[:, 0]) > 0)


def test_no_class_is_refused() -> None:
    with pytest.raises(ValueError, match="1 or more, got 0"):
        style.class_colours(0)


def test_a_figure_has_its_title_and_size_in_inches() -> None:
    figure = style.new_figure("a title", 4, 3)
    assert figure.get_suptitle() == "a title"
    assert tuple(figure.get_size_inches()) == (4, 3)
