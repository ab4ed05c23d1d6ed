"""Each kind of sweep has its figure, in which every number can be read."""

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from studies.sweeps import figure


def content(metric: str | None, vary: dict[str, list[Any]], *values: list[float]) -> dict[str, Any]:
    """Points of these values by seed, of the VAE."""
    points = []
    for each in values:
        spread = float(np.std(each, ddof=1)) if len(each) > 1 else None
        by_seed = {str(seed): value for seed, value in enumerate(each, 1)}
        score = {"mean": float(np.mean(each)), "standard_deviation": spread, "values": by_seed}
        points.append({"models": {"vae": {(metric or "vae.recall").partition(".")[2]: score}}})
    return {"title": "A sweep", "metric": metric, "vary": vary, "points": points}


def framed(axes: Axes) -> list[tuple[int, int]]:
    """Row and column of what is framed."""
    frames = [patch for patch in axes.patches if isinstance(patch, Rectangle)]
    return [(round(frame.get_y() + 0.47), round(frame.get_x() + 0.47)) for frame in frames]


VARY: dict[str, list[Any]] = {"vae.kl_weight": [0.1, 0.2], "vae.latent_dim": [2, 4, 8]}


def test_two_keys_are_a_map_whose_best_is_framed() -> None:
    for metric, best in (("vae.kernel_distance", (0, 1)), ("vae.recall", (1, 2))):
        drawn = figure.draw(content(metric, VARY, [3.0], [1.0], [2.0], [4.0], [5.0], [6.0]))
        [axes] = drawn.axes
        assert [text.get_text() for text in axes.texts] == ["3", "1", "2", "4", "5", "6"]
        assert [label.get_text() for label in axes.get_yticklabels()] == ["0.1", "0.2"]
        assert (axes.get_xlabel(), axes.get_ylabel()) == ("vae.latent_dim", "vae.kl_weight")
        assert framed(axes) == [best]
        drawn.draw_without_rendering()


def test_a_map_over_seeds_has_means_and_spreads() -> None:
    vary: dict[str, list[Any]] = {"vae.kl_weight": [0.1], "vae.latent_dim": [2], "seed": [1, 2, 3]}
    drawn = figure.draw(content("vae.recall", vary, [1.0, 2.0, 3.0]))
    assert [text.get_text() for text in drawn.axes[0].texts] == ["2\n± 1"]
    assert "3 training seeds" in drawn.get_suptitle()


def test_dark_places_have_light_type() -> None:
    drawn = figure.draw(content("vae.kernel_distance", VARY, *([value] for value in (0.0, 1, 2, 3, 4, 100))))
    inks = [text.get_color() for text in drawn.axes[0].texts]
    assert (inks[0], inks[-1]) == (figure.style.INK, "white")


def test_what_hardly_differs_looks_alike() -> None:
    drawn = figure.draw(
        content("vae.recall", VARY, *([value] for value in (0.8, 0.8001, 0.8, 0.8, 0.8, 0.8)))
    )
    [image] = drawn.axes[0].images
    colours = image.to_rgba(np.asarray(image.get_array()))
    assert np.ptp(colours[..., :3], axis=(0, 1)).max() < 0.02


def test_one_key_is_dots_with_their_spread() -> None:
    vary = {"vae.latent_dim": [2, 4], "seed": [1, 2]}
    [axes] = figure.draw(content("vae.recall", vary, [0.25, 0.75], [1.0, 1.0])).axes
    assert [label.get_text() for label in axes.get_xticklabels()] == ["2", "4"]
    assert np.asarray(axes.lines[0].get_ydata()).tolist() == [0.25, 0.75]
    assert np.asarray(axes.lines[1].get_ydata()).tolist() == [0.5]
    assert axes.get_ylabel() == "vae recall (higher is better)"


def test_one_key_and_one_seed_are_dots_alone() -> None:
    [axes] = figure.draw(content("vae.recall", {"vae.latent_dim": [2, 4]}, [0.25], [1.0])).axes
    assert [np.asarray(line.get_xdata()).tolist() for line in axes.lines] == [[0], [1]]


def test_seeds_alone_are_all_scores() -> None:
    drawn = figure.draw(content(None, {"seed": [1, 2]}, [0.25, 0.75]))
    assert [axes.get_title() for axes in drawn.axes] == ["recall"]


def test_seeds_of_one_score_are_dots() -> None:
    [axes] = figure.draw(content("vae.recall", {"seed": [1, 2]}, [0.25, 0.75])).axes
    assert np.asarray(axes.lines[0].get_ydata()).tolist() == [0.25, 0.75]
