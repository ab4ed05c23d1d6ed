"""Inside and outside of what a latent space uses: points and images of one colour, model beside model."""

import numpy as np
import pytest
from matplotlib.colors import to_rgb

from latentlab.showing.figures import regions
from latentlab.showing.figures.regions import INSIDE, OUTSIDE, Decoded, Region


def region(name: str, grey: int = 10) -> Region:
    encodings = np.array([[0, 0], [1, 1], [-1, 0]], np.float32)
    inside, outside = (np.full((4, 6, 6, 1), value, np.uint8) for value in (grey, grey + 1))
    return Region(name, 2, encodings, Decoded(encodings[:2] / 2, inside), Decoded(9 * encodings[1:], outside))


def test_each_model_has_a_map_and_the_images_of_both_kinds_of_points() -> None:
    figure = regions.regions([region("one", 10), region("other", 20)])
    axes = np.array(figure.axes).reshape(3, 2)
    assert [own.get_title() for own in axes[0]] == ["one", "other"]
    greys = [[int(np.asarray(own.images[0].get_array())[0, 0, 0]) for own in row] for row in axes[1:]]
    assert greys == [[10, 20], [11, 21]]


def test_points_lie_at_their_coordinates_in_the_colour_of_their_images() -> None:
    model = region("one")
    place, inside, outside = regions.regions([model]).axes
    for points, kind, images, colour in zip(
        place.collections[1:],
        (model.inside, model.outside),
        (inside, outside),
        (INSIDE, OUTSIDE),
        strict=True,
    ):
        np.testing.assert_allclose(np.asarray(points.get_offsets()), kind.plane)
        np.testing.assert_allclose(np.asarray(points.get_facecolor())[0, :3], to_rgb(colour))
        assert images.title.get_color() == colour
    # The farthest point is 9 away from the middle in both directions.
    assert place.get_xlim()[0] < -9
    assert place.get_ylim()[1] > 9


def test_points_without_images_are_refused() -> None:
    model = region("one")
    with pytest.raises(ValueError, match="at least one"):
        regions.regions([model._replace(inside=Decoded(model.encodings, model.inside.images[:0]))])
