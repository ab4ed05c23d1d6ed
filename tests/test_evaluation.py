"""What scores say and when they are refused, on images whose class and features are known by construction."""

from typing import Any

import keras
import numpy as np
import pytest

from latentlab import evaluation
from latentlab.errors import EvaluationError

NUM_CLASSES = 4


def quadrant_images(classes: Any, seed: int = 0) -> evaluation.Images:
    """Images of 4 x 4 pixels: bright, 201 to 255, in the quadrant of their class, and black elsewhere."""
    rng = np.random.default_rng(seed)
    images = np.zeros((len(classes), 2, 2, 2, 2, 1), np.uint8)
    for image, label in zip(images, classes, strict=True):
        image[label // 2, :, label % 2] = rng.integers(201, 256, (2, 2, 1))
    return images.reshape(-1, 4, 4, 1)


@pytest.fixture(scope="module")
def classifier() -> keras.Sequential:
    """Knows all: its features are the quadrants' mean brightness, and the brightest is the class."""
    pool = keras.layers.AveragePooling2D(2)
    features = keras.layers.Dense(4, name="features", kernel_initializer="identity")
    logits = keras.layers.Dense(4, name="logits", kernel_initializer="identity")
    layers = [keras.layers.Input((4, 4, 1)), pool, keras.layers.Flatten(), features, logits]
    return keras.Sequential(layers)


@pytest.fixture(scope="module")
def judge(classifier: keras.Sequential) -> evaluation.Judge:
    labels = np.arange(200, dtype=np.uint8) % NUM_CLASSES
    return evaluation.Judge(classifier, quadrant_images(labels), labels)


def test_the_reference_itself_is_at_distance_zero(judge: evaluation.Judge) -> None:
    scores = judge.score(quadrant_images(np.arange(200) % NUM_CLASSES))
    assert list(scores) == ["frechet_distance", "classes_covered", "class_histogram", "num_samples"]
    assert scores["frechet_distance"] == pytest.approx(0, abs=1e-6)
    assert scores["classes_covered"] == NUM_CLASSES
    assert scores["class_histogram"] == [0.25, 0.25, 0.25, 0.25]
    assert scores["num_samples"] == 200


def test_collapse_covers_less_and_is_farther(judge: evaluation.Judge) -> None:
    fresh = judge.score(quadrant_images(np.arange(100) % 4, seed=1))
    half = judge.score(quadrant_images(np.arange(100) % 2, seed=1))
    single = judge.score(quadrant_images(np.zeros(100, int), seed=1))
    assert [part["classes_covered"] for part in (fresh, half, single)] == [4, 2, 1]
    assert 20 * fresh["frechet_distance"] < half["frechet_distance"] < single["frechet_distance"]
    assert single["class_histogram"] == [1, 0, 0, 0]


def test_distance_by_hand(classifier: keras.Sequential) -> None:
    """Reference: quadrant 0 at 0 or 2/255 of brightness; scored: at 51/255. Others black.

    Means differ by 50/255, and the reference's variance, of two images, is 2 (1/255)^2.
    """
    dark, grey = np.zeros((2, 4, 4, 1), np.uint8), np.zeros((2, 4, 4, 1), np.uint8)
    dark[1, :2, :2] = 2
    grey[:, :2, :2] = 51
    scored = evaluation.Judge(classifier, dark, np.array([0, 0], np.uint8)).score(grey)
    assert scored["frechet_distance"] == pytest.approx((50**2 + 2) / 255**2, rel=1e-4)


def test_features_that_learned_too_little_are_refused() -> None:
    evaluation.require_learned(0.9, 0.9)
    with pytest.raises(EvaluationError, match=r"0\.899 accuracy.*evaluate\.minimum_accuracy is 0\.9.*epochs"):
        evaluation.require_learned(0.899, 0.9)


def test_test_images_that_a_model_saw_are_refused() -> None:
    tests = np.array([3, 5, 7, 9], np.uint64)
    evaluation.require_unseen(tests, {"models/vae": np.array([1, 2], np.uint64), "models/gan": np.array([4])})
    with pytest.raises(EvaluationError, match="2 of 4 test images are among those that models/gan was"):
        evaluation.require_unseen(tests, {"models/vae": np.array([1]), "models/gan": np.array([9, 5, 1])})


def test_more_samples_than_real_images_are_refused() -> None:
    evaluation.require_enough(100, test=100, validation=101)
    with pytest.raises(EvaluationError, match=r"num_samples is 100, but there are only 99 validation images"):
        evaluation.require_enough(100, test=100, validation=99)


def test_one_class_is_the_most_frequent_alone() -> None:
    images = np.arange(6, dtype=np.uint8).reshape(6, 1, 1, 1)
    labels = np.array([1, 2, 0, 2, 1, 2], np.uint8)
    assert evaluation.one_class(images, labels, 2).ravel().tolist() == [1, 3]
    assert evaluation.one_class(images, labels, 100).ravel().tolist() == [1, 3, 5]
