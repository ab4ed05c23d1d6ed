"""What scores say and when they are refused, on images whose class and features are known by construction."""

import json
from typing import Any

import keras
import numpy as np
import pytest

from latentlab.core.arrays import Images
from latentlab.core.errors import EvaluationError
from latentlab.scoring.classes import Classes
from latentlab.scoring.contenders import Contender, Sample
from latentlab.scoring.features import Extractor
from latentlab.scoring.metrics.directions import OF_CLASSES, SCORES
from latentlab.scoring.networks import Network
from latentlab.scoring.scorer import (
    Scorer,
    _flatten,
    brief,
    require_enough,
    require_unseen,
    score_all,
    training_of,
)

NUM_CLASSES = 4


def quadrant_images(classes: Any, seed: int = 0) -> Images:
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
def scorer(classifier: keras.Sequential) -> Scorer:
    return make_scorer(classifier, quadrant_images(np.arange(200) % NUM_CLASSES))


def make_scorer(classifier: keras.Sequential, images: Images) -> Scorer:
    """Labels count 0 to 3 again and again, and models were trained on other images of the same kind."""
    labels = (np.arange(len(images)) % NUM_CLASSES).astype(np.uint8)
    training = training_of(quadrant_images(np.arange(300) % NUM_CLASSES, seed=5))
    looking = Extractor(classifier)
    classes = Classes(NUM_CLASSES, looking)
    return Scorer(Network("classifier", looking.extract, ""), classes, (images, labels), training, seed=0)


def test_where_classes_cannot_be_told_their_scores_are_left_out(classifier: keras.Sequential) -> None:
    images, labels = quadrant_images(np.arange(200) % NUM_CLASSES), np.arange(200) % NUM_CLASSES
    network = Network("random", Extractor(classifier).extract, "")
    scorer = Scorer(network, Classes(1), (images, labels), training_of(images), seed=0)
    scores = scorer.score(images, asked=labels)
    assert set(scores) == {*SCORES, "num_samples", "intervals"} - OF_CLASSES
    assert set(scores["intervals"]) == set(SCORES) - OF_CLASSES
    assert scores["frechet_distance"] == pytest.approx(0, abs=1e-6)


def test_in_many_dimensions_there_is_no_frechet_distance() -> None:
    images = quadrant_images(np.arange(200) % NUM_CLASSES)
    network = Network("imagenet", lambda images: np.repeat(images.reshape(-1, 16), 5, axis=1) / 255, "")
    scorer = Scorer(network, Classes(1), (images, np.zeros(200, np.uint8)), training_of(images), seed=0)
    scores = scorer.score(images)
    assert set(scores["intervals"]) == set(SCORES) - OF_CLASSES - {"frechet_distance"}
    assert "frechet_distance" not in scores


def test_distances_between_large_images_are_taken_in_means_over_squares() -> None:
    images = np.arange(2 * 66 * 64 * 3, dtype=np.uint32).astype(np.uint8).reshape(2, 66, 64, 3)
    seen = _flatten(images)
    assert seen.shape == (2, 22 * 21 * 3)
    assert seen[1, 0] == np.rint(images[1, :3, :3, 0].mean())
    assert _flatten(images[:, :32, :32]).shape == (2, 32 * 32 * 3)


def test_the_reference_itself_is_at_distance_zero(scorer: Scorer) -> None:
    scores = scorer.score(quadrant_images(np.arange(200) % NUM_CLASSES))
    assert set(scores) == {*SCORES, "class_histogram", "missing_classes", "num_samples", "intervals"}
    assert scores["frechet_distance"] == pytest.approx(0, abs=1e-6)
    assert scores["classes_covered"] == NUM_CLASSES
    assert scores["class_histogram"] == [0.25, 0.25, 0.25, 0.25]
    assert scores["num_samples"] == 200
    assert scores["precision"] == scores["recall"] == scores["coverage"] == 1
    assert scores["class_divergence"] == 0
    assert scores["within_class_diversity"] == pytest.approx(1)


def test_every_number_lies_in_its_interval(scorer: Scorer) -> None:
    scores = scorer.score(quadrant_images(np.arange(150) % NUM_CLASSES, seed=1))
    assert list(scores["intervals"]) == list(SCORES)
    assert all(low <= scores[name] <= high for name, (low, high) in scores["intervals"].items())
    low, high = scores["intervals"]["within_class_diversity"]
    assert low < high
    json.dumps(scores, allow_nan=False)


def test_collapse_covers_less_and_is_farther(scorer: Scorer) -> None:
    fresh = scorer.score(quadrant_images(np.arange(100) % 4, seed=1))
    half = scorer.score(quadrant_images(np.arange(100) % 2, seed=1))
    single = scorer.score(quadrant_images(np.zeros(100, int), seed=1))
    assert [part["classes_covered"] for part in (fresh, half, single)] == [4, 2, 1]
    assert 20 * fresh["frechet_distance"] < half["frechet_distance"] < single["frechet_distance"]
    assert fresh["kernel_distance"] < half["kernel_distance"] < single["kernel_distance"]
    assert fresh["recall"] > half["recall"] > single["recall"]
    assert single["class_histogram"] == [1, 0, 0, 0]
    assert single["missing_classes"] == [1, 2, 3]


def test_a_confident_classifier_covers_nothing_by_what_does_not_look_real(scorer: Scorer) -> None:
    """Dark images are classified like bright ones, but none is anywhere near."""
    dark = scorer.score(quadrant_images(np.arange(100) % 4) // 4)
    assert dark["class_histogram"] == [0.25, 0.25, 0.25, 0.25]
    assert dark["class_divergence"] == 0
    assert dark["precision"] == dark["classes_covered"] == 0


def test_copies_of_training_images_are_seen(scorer: Scorer) -> None:
    copies, fresh = (scorer.score(quadrant_images(np.arange(200) % 4, seed)) for seed in (5, 6))
    # All 200 copies are nearer than all 200 test images: -sqrt(3 n m / (n + m + 1)).
    assert copies["memorisation"] < -11 < -4 < fresh["memorisation"]


def test_copies_are_looked_for_among_so_many_training_images(
    classifier: keras.Sequential, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("latentlab.scoring.scorer.MOST_COMPARED", 100)
    scorer = make_scorer(classifier, quadrant_images(np.arange(200) % NUM_CLASSES))
    training = quadrant_images(np.arange(300) % NUM_CLASSES, seed=5)
    first, last = (scorer.score(part)["memorisation"] for part in (training[:100], training[200:]))
    assert first < -8 < -4 < last


def test_distance_by_hand(classifier: keras.Sequential) -> None:
    """Reference: quadrant 0 at 0 or 2/255 of brightness; scored: at 51/255. Others black.

    Means differ by 50/255, and the reference's variance, two of four images each, is 4/3 (1/255)^2.
    """
    dark, noise = np.zeros((4, 4, 4, 1), np.uint8), np.zeros((4, 4, 4, 1), np.uint8)
    dark[2:, :2, :2] = 2
    noise[:, :2, :2] = 51
    scored = make_scorer(classifier, dark).score(noise)
    assert scored["frechet_distance"] == pytest.approx((50**2 + 4 / 3) / 255**2, rel=1e-4)


def test_a_set_is_compared_with_as_many_real_images(classifier: keras.Sequential) -> None:
    """The same scores as from a scorer that has no more of them."""
    images = quadrant_images(np.arange(200) % NUM_CLASSES)
    few, many = make_scorer(classifier, images[:100]), make_scorer(classifier, images)
    samples = quadrant_images(np.arange(100) % NUM_CLASSES, seed=1)
    assert many.score(samples) == few.score(samples)
    assert many.score(images[:150]) != few.score(images[:150])


def test_the_cost_is_said_before_and_each_set_after(
    scorer: Scorer, capsys: pytest.CaptureFixture[str]
) -> None:
    images = quadrant_images(np.arange(100) % NUM_CLASSES)
    asked = np.arange(100) % 2
    kept: dict[Contender, Images] = {}
    contenders = [
        Contender("a", lambda count: Sample(images[:count])),
        Contender("b.c", lambda count: Sample(images[:50], asked[:50]), in_full=False),
    ]
    scores = score_all(scorer, contenders, 80, kept.__setitem__)
    assert scores["a"] == scorer.score(images[:80]) | scorer.detect(images[:80])
    assert {contender.name: len(images) for contender, images in kept.items()} == {"a": 80, "b.c": 50}
    assert scores["b.c"] == brief(scorer.score(images[:50], asked[:50]))
    first, *others = capsys.readouterr().out.splitlines()
    assert first == "scoring 2 sets of images: about 2 s on two cores"
    assert others == ["scored a: 80 images", "scored b.c: 50 images"]


def test_brief_scores_are_numbers_alone(scorer: Scorer) -> None:
    images = quadrant_images(np.arange(100) % NUM_CLASSES)
    assert set(brief(scorer.score(images))) == set(SCORES)
    assert set(brief(scorer.score(images, np.zeros(100, int)))) == {*SCORES, "asked_class_share"}


def test_an_asked_class_counts_where_it_is_seen_in_what_looks_real(scorer: Scorer) -> None:
    """Of 100 images of classes 0, 1, 2, 3, 0, ... all are asked to be 0 or 1; then the same in the dark."""
    classes = np.arange(100) % NUM_CLASSES
    bright = scorer.score(quadrant_images(classes, seed=1), classes % 2)
    # All that is lost is what lies just outside of the real images' reach.
    assert 0.9 * 0.5 < bright["asked_class_share"] <= 0.5
    assert scorer.score(quadrant_images(classes) // 4, classes)["asked_class_share"] == 0


def test_test_images_that_a_model_saw_are_refused() -> None:
    tests = np.array([3, 5, 7, 9], np.uint64)
    require_unseen(tests, {"models/vae": np.array([1, 2], np.uint64), "models/gan": np.array([4])})
    with pytest.raises(EvaluationError, match="2 of 4 test images are among those that models/gan was"):
        require_unseen(tests, {"models/vae": np.array([1]), "models/gan": np.array([9, 5, 1])})


def test_more_samples_than_test_images_are_refused() -> None:
    require_enough(100, 100)
    with pytest.raises(EvaluationError, match=r"num_samples is 100, but there are only 99 test images"):
        require_enough(100, 99)


def test_what_differs_at_all_is_detected_in_features_and_in_pixels(scorer: Scorer) -> None:
    """Real images are as good as others of their kind; of noise both detectors know."""
    real = quadrant_images(np.arange(200) % NUM_CLASSES, seed=3)
    noise = np.random.default_rng(0).integers(0, 256, (200, 4, 4, 1), np.uint8)
    alike, apart = scorer.detect(real), scorer.detect(noise)
    assert abs(alike["two_sample_gain"]) < 0.03 < 0.1 < apart["two_sample_gain"] < np.log(2)
    assert alike["sliced_wasserstein"].keys() == apart["sliced_wasserstein"].keys() == {"4"}
    assert apart["sliced_wasserstein"]["4"] > 3 * alike["sliced_wasserstein"]["4"]
