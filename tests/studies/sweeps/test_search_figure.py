"""The figure of a search, and what it says of its best."""

from typing import Any

import numpy as np
import pytest
from matplotlib.axes import Axes

from studies.sweeps import figure, search_figure

VALUES = [3.0, 1.0, 2.0, 0.5]
DROPOUTS = [0.1, 0.2, 0.4, 0.8]
LOSSES = ["hinge", "hinge", "least_squares", "least_squares"]


@pytest.fixture
def content() -> dict[str, Any]:
    """Four trials of one seed, the last one the best."""
    points = []
    for value, dropout, loss in zip(VALUES, DROPOUTS, LOSSES, strict=True):
        score = {"mean": value, "standard_deviation": None, "n": 1, "values": {"1": value}}
        models = {"gan": {"kernel_distance": score}}
        points.append({"set": {"gan.dropout": dropout, "gan.objective": loss}, "models": models})
    vary = {
        "gan.dropout": {"low": 0.1, "high": 0.8, "log": True},
        "gan.objective": ["least_squares", "hinge"],
        "seed": [1],
    }
    own = {"metric": "gan.kernel_distance", "vary": vary, "trials": 4, "batch": 2}
    return {"title": "A search", **own, "points": points}


def drawn(axes: Axes, line: int) -> list[list[float]]:
    return [np.asarray(each).tolist() for each in axes.lines[line].get_data()]


def test_scores_are_drawn_over_trials_and_over_each_setting(content: dict[str, Any]) -> None:
    made = figure.draw(content)
    trials, dropout, loss = made.axes
    assert drawn(trials, 0) == [[1, 2, 3, 4], VALUES]
    # The best so far.
    assert drawn(trials, 2) == [[1, 2, 3, 4], [3.0, 1.0, 1.0, 0.5]]
    assert trials.get_ylabel() == "gan kernel distance (lower is better)"
    assert drawn(dropout, 0) == [DROPOUTS, VALUES]
    assert (dropout.get_xlabel(), dropout.get_xscale()) == ("gan.dropout", "log")
    assert drawn(loss, 0) == [[1, 1, 0, 0], VALUES]
    assert [label.get_text() for label in loss.get_xticklabels()] == ["least_squares", "hinge"]
    made.draw_without_rendering()


def test_the_best_is_marked_and_named(content: dict[str, Any]) -> None:
    made = figure.draw(content)
    assert [drawn(axes, 1) for axes in made.axes] == [[[4], [0.5]], [[0.8], [0.5]], [[0], [0.5]]]
    title = " ".join(made.get_suptitle().split())
    assert title == (
        "A search Best of 4 on 1 training seed: gan.kernel_distance 0.5 by gan.dropout 0.8, gan.objective "
        "least_squares Chosen for its score: 6 training seeds say what it is worth"
    )
    assert max(map(len, made.get_suptitle().splitlines())) < 100


def test_what_it_takes_to_trust_the_best_is_told(content: dict[str, Any]) -> None:
    told = search_figure.advice(content)
    assert 'make seeds N=6 SET="gan.dropout=0.8 gan.objective=least_squares"' in told
    assert "make compare" in told
