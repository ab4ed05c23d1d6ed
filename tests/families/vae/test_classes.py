from pathlib import Path

import numpy as np

from latentlab.core import artifacts, settings
from latentlab.families import arrays
from latentlab.families.vae import classes
from latentlab.scoring import networks
from latentlab.scoring.metrics.likelihood import of_pixels
from latentlab.scoring.settings import Scoring
from tests.families import halves
from tests.tiny_learners import SHAPE, labels


def score() -> dict[str, float]:
    return classes.score(
        halves.build_encoder(),
        halves.build_decoder(),
        networks.load_classifier(),
        settings.load_part(Scoring),
        of_pixels(None),
    )


def test_a_decoder_that_knows_the_classes_is_always_right(to_score: Path) -> None:
    found = score()
    assert found["generative_accuracy"] == 1
    assert found["images"] == 100
    assert 0 <= found["discriminative_accuracy"] <= 1


def test_with_all_labels_turned_it_is_always_wrong(to_score: Path) -> None:
    artifacts.save_array(artifacts.labels_path("test"), 1 - labels(120))
    assert score()["generative_accuracy"] == 0


def test_its_pictures_are_written(to_score: Path) -> None:
    score()
    assert arrays.load("vae", "told_classes").shape == (2, 10, *SHAPE)
    styles = arrays.load("vae", "styles")
    # One image of each class: itself, and its latent decoded as the first class and as the second.
    assert styles.shape == (2, 3, *SHAPE)
    np.testing.assert_array_equal(styles[:, 0], artifacts.load_images("test")[:2])
    assert (styles[:, 1, :, :4] > 200).all()
    assert (styles[:, 2, :, 4:] > 200).all()
