"""A panel for each score, with every seed in it."""

import itertools

import numpy as np

from studies.seeds import figure, statistics


def test_every_seed_is_a_dot_beside_its_mean() -> None:
    rows = {
        seed: {
            "vae": {"num_samples": 5, "recall": value, "kl_nats": 3.0},
            "gan": {"num_samples": 5, "recall": 1.0},
        }
        for seed, value in (("1", 0.25), ("2", 0.75))
    }
    drawn = figure.draw(statistics.summarise(rows), 2)
    recall, kl = drawn.axes
    assert [axes.get_title() for axes in drawn.axes] == ["recall", "kl nats"]
    assert [label.get_text() for label in recall.get_xticklabels()] == ["vae", "gan"]
    assert [label.get_text() for label in kl.get_xticklabels()] == ["vae"]
    dots = np.asarray(recall.lines[0].get_ydata())
    assert dots.tolist() == [0.25, 0.75]
    assert np.asarray(recall.lines[1].get_ydata()).tolist() == [0.5]
    drawn.draw_without_rendering()


def test_names_of_models_do_not_run_into_each_other() -> None:
    names = ("autoencoder", "vae", "gan", "gan_best")
    # As many as fill a row and more, with long numbers on their axes.
    scores = {"num_samples": 5, "recall": 0.5, "coverage": 0.5, "precision": 0.5, "memorisation": -0.00125}
    drawn = figure.draw(statistics.summarise({seed: dict.fromkeys(names, scores) for seed in ("1", "2")}), 2)
    drawn.draw_without_rendering()
    for axes in drawn.axes:
        boxes = [label.get_window_extent() for label in axes.get_xticklabels()]
        assert len(boxes) == len(names)
        gaps = [right.x0 - left.x1 for left, right in itertools.pairwise(boxes)]
        assert min(gaps) > boxes[0].height / 2
