"""Ways to sample latent spaces: which images and which number stand under which name."""

import numpy as np
import pytest
from matplotlib.colors import to_hex
from matplotlib.patches import Rectangle

from latentlab.showing.figures import sampling, style
from latentlab.showing.figures.sampling import Bar


def flat(grey: int) -> np.ndarray:
    return np.full((30, 6, 6, 1), grey, np.uint8)


MODELS = {
    "one": {"N(0, I)": flat(10), "gaussian": flat(11)},
    "other": {"N(0, I)": flat(20), "gaussian": flat(21)},
}


def test_a_panel_is_a_model_and_a_row_a_way() -> None:
    left, right = sampling.samples(MODELS).axes
    assert [axes.get_title() for axes in (left, right)] == ["one", "other"]
    assert [label.get_text() for label in left.get_yticklabels()] == ["N(0, I)", "gaussian"]
    # Rows of 6 pixels, one apart, ten images wide.
    pictures = [np.asarray(axes.images[0].get_array()) for axes in (left, right)]
    assert [picture[::7, 0, 0].tolist() for picture in pictures] == [[10, 11], [20, 21]]
    assert [picture.shape[1] for picture in pictures] == [10 * 7 - 1] * 2


def test_models_sampled_in_other_ways_are_refused() -> None:
    with pytest.raises(ValueError, match="the same ways"):
        sampling.samples(MODELS | {"third": {"mixture": flat(0)}})


def test_bars_are_the_scores_in_order_in_their_colours() -> None:
    first, second = style.PALETTE[:2]
    given = [Bar("one: N(0, I)", 4.0, first), Bar("one: gaussian", 2.0, first), Bar("other", 1.0, second)]
    [axes] = sampling.scores(-0.001, given, "a distance").axes
    bars = [bar for bar in axes.patches if isinstance(bar, Rectangle)]
    np.testing.assert_allclose([bar.get_width() for bar in bars], [-0.001, 4, 2, 1])
    colours = [to_hex(bar.get_facecolor()) for bar in bars]
    assert colours == [style.FAINT, first, first, second]
    names = [label.get_text() for label in axes.get_yticklabels()]
    assert names == ["real images", "one: N(0, I)", "one: gaussian", "other"]
    assert [text.get_text().strip() for text in axes.texts] == ["-0.001", "4", "2", "1"]
    assert axes.get_xlabel() == "a distance"
    # What is named first stands on top.
    assert axes.yaxis_inverted()
