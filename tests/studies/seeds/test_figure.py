"""A panel for each score, with every seed in it."""

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
