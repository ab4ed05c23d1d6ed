"""Samples, progress, reconstructions and the comparison: which images are shown, where, under which words."""

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from latentlab.showing.figures import comparison, reconstructions, samples

SIDE = 4


def flat(values: np.ndarray) -> np.ndarray:
    """One image for each value, of that value alone."""
    shape = (*values.shape, SIDE, SIDE, 1)
    return np.broadcast_to(values.astype(np.uint8)[..., None, None, None], shape).copy()


def shown(axes: Axes) -> np.ndarray:
    """The value of each tile of a grid, by row and column."""
    return np.asarray(axes.images[0].get_array())[:: SIDE + 1, :: SIDE + 1, 0]


def row_names(figure: Figure) -> list[str]:
    return [label.get_text() for label in figure.axes[0].get_yticklabels()]


def test_samples_show_the_first_hundred_in_order() -> None:
    figure = samples.samples(flat(np.arange(130)), "a title")
    np.testing.assert_array_equal(shown(figure.axes[0]), np.arange(100).reshape(10, 10))
    assert figure.get_suptitle() == "a title"


def test_progress_has_a_row_for_each_epoch_and_a_column_for_each_latent() -> None:
    images = flat(np.array([[10, 11, 12], [20, 21, 22]]))
    figure = samples.progress(images, [1, 25], "a title")
    assert figure.get_suptitle() == "a title"
    np.testing.assert_array_equal(shown(figure.axes[0]), [[10, 11, 12], [20, 21, 22]])
    assert row_names(figure) == ["epoch 1", "epoch 25"]


def test_progress_thins_many_epochs_out_but_keeps_both_ends() -> None:
    epochs = range(1, 121)
    figure = samples.progress(flat(np.tile(np.array(epochs)[:, None], 100)), epochs, "a title")
    names = row_names(figure)
    assert len(names) == 10
    assert (names[0], names[-1]) == ("epoch 1", "epoch 120")
    # Each row still bears its own epoch's name.
    assert [f"epoch {value}" for value in shown(figure.axes[0])[:, 0]] == names


def test_progress_refuses_epochs_that_do_not_match() -> None:
    with pytest.raises(ValueError, match="each of 3 epochs, got 2"):
        samples.progress(flat(np.zeros((2, 5))), [1, 2, 3], "a title")


def test_reconstructions_stand_below_their_originals_ten_in_a_row() -> None:
    originals, first_model, second_model = flat(np.arange(1, 15) + np.array([[0], [100], [200]]))
    decoded = {"one": first_model, "other": second_model}
    figure = reconstructions.reconstructions(originals, decoded, "title")
    first, second = figure.axes
    np.testing.assert_array_equal(shown(first), [range(1, 11), range(101, 111), range(201, 211)])
    np.testing.assert_array_equal(shown(second)[:, :4], [range(11, 15), range(111, 115), range(211, 215)])
    assert np.all(shown(second)[:, 4:] == 255)
    assert row_names(figure) == ["test image", "one", "other"]


def test_reconstructions_of_no_image_are_refused() -> None:
    with pytest.raises(ValueError, match="4 axes"):
        reconstructions.reconstructions(flat(np.arange(0)), {}, "title")


def scores(distance: float, classes: int) -> dict[str, float]:
    return {"kernel_distance": 0.125, "frechet_distance": distance, "classes_covered": classes}


def test_comparison_tells_the_scores_that_there_are() -> None:
    columns = [
        comparison.Column("one", flat(np.arange(4)), {"kernel_distance": 0.125, "recall": 0.5}),
        comparison.Column("other", flat(np.arange(4)), {}),
    ]
    titles = [axes.get_title() for axes in comparison.comparison(columns, num_classes=0).axes]
    assert titles == ["one\nkernel distance 0.125", "other"]


def test_comparison_shows_equal_counts_with_each_ones_scores() -> None:
    columns = [
        comparison.Column("Real validation images", flat(np.arange(100)), scores(0.724, 10)),
        comparison.Column("GAN samples", flat(np.arange(100, 130)), scores(14.0, 7)),
    ]
    figure = comparison.comparison(columns, num_classes=10)
    real, gan = figure.axes
    # 30 images each, the fewer of the two, six in a row.
    np.testing.assert_array_equal(shown(real), np.arange(30).reshape(5, 6))
    np.testing.assert_array_equal(shown(gan), np.arange(100, 130).reshape(5, 6))
    assert real.get_title() == "Real validation images\nFréchet distance 0.724\n10 of 10 classes"
    assert gan.get_title() == "GAN samples\nFréchet distance 14\n7 of 10 classes"


def test_comparison_shows_at_most_64_of_each() -> None:
    figure = comparison.comparison(
        [comparison.Column("one", flat(np.arange(100)), scores(1.0, 1))], num_classes=1
    )
    assert shown(figure.axes[0]).shape == (8, 8)
