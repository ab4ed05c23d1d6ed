"""What the table of directions promises holds on real digits."""

from typing import Any

import keras
import numpy as np
import pytest

from latentlab.data import folder, idx, splits
from latentlab.data.labelled import Selection
from latentlab.families.gan.model.networks import build_generator
from latentlab.learning.batches import Shuffled, stacks
from latentlab.learning.descent import adam
from latentlab.scoring.classes import Classes
from latentlab.scoring.features import Classifier, Extractor, build_classifier
from latentlab.scoring.metrics.directions import SCORES, shortfall, shortfalls
from latentlab.scoring.networks import Network
from latentlab.scoring.scorer import Scorer, training_of
from latentlab.scoring.yardstick import degradations
from latentlab.trained import inference
from tests import idx_files

OF_COPIES = ("memorisation", "near_copies")
NUM_IMAGES = 1000
NUM_TRAINING = 6000
SHAPE = (28, 28, 1)


def train_classifier(training: Selection) -> keras.Sequential:
    """The default's classifier after five epochs, about 97 % accurate."""
    model = build_classifier(
        filters=(16, 32), width=64, dropout=0.4, shift=0.08, num_classes=10, image_shape=SHAPE, seed=0
    )
    learner = Classifier(model, adam(0.002))
    feed = Shuffled((training.images, training.labels), batch_size=64, seed=0)
    for epoch in range(1, 6):
        for batches in stacks(feed, epoch, steps=1000):
            learner.train(*batches)
    return model


@pytest.fixture(scope="module")
def scores() -> dict[str, Any]:
    """Of each reference, as the stage makes them, on the real MNIST."""
    if not idx_files.REAL_MNIST.is_dir():
        pytest.skip(idx_files.REAL_MNIST_ABSENT)
    files = folder.locate(str(idx_files.REAL_MNIST))
    division = splits.of_official(*idx.load(files), seed=0, limit=NUM_TRAINING)
    training, validation, test = (division.splits[name] for name in ("train", "validation", "test"))
    generator = build_generator(latent_dim=10, filters=(4, 4), batch_norm=True, image_shape=SHAPE, seed=0)
    real = validation.images[:NUM_IMAGES]
    sets = {
        "real": real,
        "blurred": degradations.blurred(real, 1 / 14),
        "noisy": degradations.noisy(real, 0.3, seed=0),
        "one_class": training.images[training.labels == 1][:NUM_IMAGES],
        "copied": training.images[:NUM_IMAGES],
        "untrained": inference.generate(generator, inference.draw_latents(NUM_IMAGES, 10, seed=0)),
    }
    classifier, used = train_classifier(training), test.take(slice(NUM_IMAGES))
    looking = Extractor(classifier)
    network, classes = Network("classifier", looking.extract, ""), Classes(10, looking)
    scorer = Scorer(network, classes, (used.images, used.labels), training_of(training.images), seed=0)
    return {name: scorer.score(images) for name, images in sets.items()}


@pytest.mark.parametrize("name", SCORES)
def test_broken_images_score_worse_than_real_ones(name: str, scores: dict[str, Any]) -> None:
    real = shortfall(name, scores["real"][name])
    found = {reference for reference in SCORES[name].worse if shortfall(name, scores[reference][name]) > real}
    assert found == SCORES[name].worse


@pytest.mark.parametrize("name", [name for name in SCORES if name not in OF_COPIES])
def test_copies_are_as_good_as_real_images_for_all_scores_but_those_of_copies(
    name: str, scores: dict[str, Any]
) -> None:
    """Both are digits, so their intervals meet."""
    low, high = scores["real"]["intervals"][name]
    copied_low, copied_high = scores["copied"]["intervals"][name]
    assert copied_low <= high
    assert low <= copied_high


def test_a_copier_is_far_below_what_chance_allows(scores: dict[str, Any]) -> None:
    assert scores["copied"]["memorisation"] < -10
    assert abs(scores["real"]["memorisation"]) < 3
    assert scores["copied"]["near_copies"] == 1
    assert scores["real"]["near_copies"] < 0.03


def test_bounds_are_those_of_the_definitions() -> None:
    """Shares from 0 to 1; what is unbiased or a number of deviations on either side of 0; all else from 0."""
    shares = {"precision", "recall", "coverage", "near_copies"}
    signed = {"kernel_distance", "memorisation"}
    for name, score in SCORES.items():
        high = 1 if name in shares else np.inf
        assert score.bounds == (-np.inf if name in signed else 0, high), name


def test_scores_of_features_are_those_that_a_blind_network_makes_worthless() -> None:
    """Neither pixels nor classes are seen through it."""
    assert {name for name, score in SCORES.items() if score.of_features} == {
        *("frechet_distance", "kernel_distance", "precision", "recall", "density", "coverage")
    }


def test_of_what_is_destroyed_less_than_half_may_lie_among_real_images() -> None:
    assert {name for name, score in SCORES.items() if score.halves} == {
        *("precision", "recall", "density", "coverage")
    }


@pytest.mark.parametrize(
    ("score", "interval", "expected"),
    [
        ("sharpness", (0.75, 1.125), (0, 0.25)),
        ("sharpness", (1.25, 1.5), (0.25, 0.5)),
        ("sharpness", (0.5, 0.75), (0.25, 0.5)),
        ("recall", (0.25, 0.5), (-0.5, -0.25)),
        ("near_copies", (0.25, 1.0), (0.25, 1.0)),
    ],
)
def test_shortfalls_of_intervals_by_hand(
    score: str, interval: tuple[float, float], expected: tuple[float, float]
) -> None:
    """A score that is best near 1 falls short by nothing where 1 is in its interval."""
    assert shortfalls(score, interval) == expected


def test_shortfall_grows_away_from_what_is_good() -> None:
    assert shortfall("frechet_distance", 2.0) > shortfall("frechet_distance", 1.0)
    assert shortfall("recall", 0.1) > shortfall("recall", 0.9)
    for worse in (0.5, 1.5):
        assert shortfall("within_class_diversity", worse) > shortfall("within_class_diversity", 1.1)
