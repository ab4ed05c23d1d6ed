"""What scores say and when they are refused, on images whose class and features are known by construction."""

import json
import math
from typing import Any

import keras
import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from latentlab import evaluation
from latentlab.errors import EvaluationError
from latentlab.metrics.directions import SCORES

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
    return make_judge(classifier, quadrant_images(np.arange(200) % NUM_CLASSES))


def make_judge(classifier: keras.Sequential, images: evaluation.Images) -> evaluation.Judge:
    """Labels count 0 to 3 again and again, and models were trained on other images of the same kind."""
    labels = (np.arange(len(images)) % NUM_CLASSES).astype(np.uint8)
    training = quadrant_images(np.arange(300) % NUM_CLASSES, seed=5)
    return evaluation.Judge(classifier, images, labels, training, seed=0)


def test_the_reference_itself_is_at_distance_zero(judge: evaluation.Judge) -> None:
    scores = judge.score(quadrant_images(np.arange(200) % NUM_CLASSES))
    assert set(scores) == {*SCORES, "class_histogram", "num_samples", "intervals"}
    assert scores["frechet_distance"] == pytest.approx(0, abs=1e-6)
    assert scores["classes_covered"] == NUM_CLASSES
    assert scores["class_histogram"] == [0.25, 0.25, 0.25, 0.25]
    assert scores["num_samples"] == 200
    assert scores["precision"] == scores["recall"] == scores["coverage"] == 1
    assert scores["class_divergence"] == 0
    assert scores["within_class_diversity"] == pytest.approx(1)


def test_every_number_lies_in_its_interval(judge: evaluation.Judge) -> None:
    scores = judge.score(quadrant_images(np.arange(150) % NUM_CLASSES, seed=1))
    assert list(scores["intervals"]) == list(SCORES)
    assert all(low <= scores[name] <= high for name, (low, high) in scores["intervals"].items())
    low, high = scores["intervals"]["within_class_diversity"]
    assert low < high
    json.dumps(scores, allow_nan=False)


def test_collapse_covers_less_and_is_farther(judge: evaluation.Judge) -> None:
    fresh = judge.score(quadrant_images(np.arange(100) % 4, seed=1))
    half = judge.score(quadrant_images(np.arange(100) % 2, seed=1))
    single = judge.score(quadrant_images(np.zeros(100, int), seed=1))
    assert [part["classes_covered"] for part in (fresh, half, single)] == [4, 2, 1]
    assert 20 * fresh["frechet_distance"] < half["frechet_distance"] < single["frechet_distance"]
    assert fresh["kernel_distance"] < half["kernel_distance"] < single["kernel_distance"]
    assert fresh["recall"] > half["recall"] > single["recall"]
    assert single["class_histogram"] == [1, 0, 0, 0]


def test_a_confident_classifier_covers_nothing_by_what_does_not_look_real(judge: evaluation.Judge) -> None:
    """Dark images are classified like bright ones, but none is anywhere near."""
    dark = judge.score(quadrant_images(np.arange(100) % 4) // 4)
    assert dark["class_histogram"] == [0.25, 0.25, 0.25, 0.25]
    assert dark["class_divergence"] == 0
    assert dark["precision"] == dark["classes_covered"] == 0


def test_copies_of_training_images_are_seen(judge: evaluation.Judge) -> None:
    copies, fresh = (judge.score(quadrant_images(np.arange(200) % 4, seed)) for seed in (5, 6))
    # All 200 copies are nearer than all 200 test images: -sqrt(3 n m / (n + m + 1)).
    assert copies["memorisation"] < -11 < -4 < fresh["memorisation"]


def test_distance_by_hand(classifier: keras.Sequential) -> None:
    """Reference: quadrant 0 at 0 or 2/255 of brightness; scored: at 51/255. Others black.

    Means differ by 50/255, and the reference's variance, two of four images each, is 4/3 (1/255)^2.
    """
    dark, grey = np.zeros((4, 4, 4, 1), np.uint8), np.zeros((4, 4, 4, 1), np.uint8)
    dark[2:, :2, :2] = 2
    grey[:, :2, :2] = 51
    scored = make_judge(classifier, dark).score(grey)
    assert scored["frechet_distance"] == pytest.approx((50**2 + 4 / 3) / 255**2, rel=1e-4)


def test_a_set_is_compared_with_as_many_real_images(classifier: keras.Sequential) -> None:
    """The same scores as from a judge who has no more of them."""
    images = quadrant_images(np.arange(200) % NUM_CLASSES)
    few, many = make_judge(classifier, images[:100]), make_judge(classifier, images)
    samples = quadrant_images(np.arange(100) % NUM_CLASSES, seed=1)
    assert many.score(samples) == few.score(samples)
    assert many.score(images[:150]) != few.score(images[:150])


def test_the_cost_is_said_before_and_each_set_after(
    judge: evaluation.Judge, capsys: pytest.CaptureFixture[str]
) -> None:
    images = quadrant_images(np.arange(100) % NUM_CLASSES)
    scores = evaluation.score_all(judge, {"a": images, "b": images[:50]})
    assert scores == {"a": judge.score(images), "b": judge.score(images[:50])}
    first, *others = capsys.readouterr().out.splitlines()
    assert first == "scoring 2 sets of images: about 2 s on two cores"
    assert others == ["scored a: 100 images", "scored b: 50 images"]


def test_features_that_learned_too_little_are_refused() -> None:
    evaluation.require_learned(0.9, 0.9)
    with pytest.raises(EvaluationError, match=r"0\.899 accuracy.*evaluate\.minimum_accuracy is 0\.9.*epochs"):
        evaluation.require_learned(0.899, 0.9)


def test_test_images_that_a_model_saw_are_refused() -> None:
    tests = np.array([3, 5, 7, 9], np.uint64)
    evaluation.require_unseen(tests, {"models/vae": np.array([1, 2], np.uint64), "models/gan": np.array([4])})
    with pytest.raises(EvaluationError, match="2 of 4 test images are among those that models/gan was"):
        evaluation.require_unseen(tests, {"models/vae": np.array([1]), "models/gan": np.array([9, 5, 1])})


def test_more_samples_than_test_images_are_refused() -> None:
    evaluation.require_enough(100, 100)
    with pytest.raises(EvaluationError, match=r"num_samples is 100, but there are only 99 test images"):
        evaluation.require_enough(100, 99)


def constant_encoder(z_mean: float, z_log_var: float) -> keras.Model:
    """Encodes every image of 4 x 4 alike, in 3 dimensions."""

    def head(value: float, name: str) -> keras.layers.Layer:
        bias = keras.initializers.Constant(value)
        return keras.layers.Dense(3, kernel_initializer="zeros", bias_initializer=bias, name=name)

    image = keras.layers.Input((4, 4, 1))
    flat = keras.layers.Flatten()(image)
    return keras.Model(image, [head(z_mean, "z_mean")(flat), head(z_log_var, "z_log_var")(flat)])


def constant_decoder(logit: float) -> keras.Model:
    """Decodes every z of 3 dimensions to the same grey."""
    z = keras.layers.Input((3,))
    bias = keras.initializers.Constant(logit)
    dense = keras.layers.Dense(16, "sigmoid", kernel_initializer="zeros", bias_initializer=bias)
    return keras.Model(z, keras.layers.Reshape((4, 4, 1))(dense(z)))


def test_encodings_are_a_draw_by_seed() -> None:
    images = quadrant_images(np.zeros(2000, int))
    encodings = evaluation.encode(constant_encoder(2.0, math.log(9)), images, seed=0)
    assert encodings.z_mean.shape == encodings.z_log_var.shape == encodings.z.shape == (2000, 3)
    assert encodings.z.dtype == np.float32
    assert_allclose(encodings.z_mean, 2)
    # 6,000 draws of mean 2 and deviation 3: five standard errors are 0.2 and 0.14.
    assert encodings.z.mean() == pytest.approx(2, abs=0.2)
    assert encodings.z.std() == pytest.approx(3, abs=0.14)
    again, other = (evaluation.encode(constant_encoder(2.0, math.log(9)), images, seed) for seed in (0, 1))
    assert_array_equal(encodings.z, again.z)
    assert (encodings.z != other.z).all()


def test_terms_by_hand() -> None:
    """z_mean 1 and z_log_var 0 in 3 dimensions: KL 3/2. Each of 16 pixels, at p = 1/2, costs log 2."""
    images = quadrant_images(np.arange(8) % 4)
    encodings = evaluation.encode(constant_encoder(1.0, 0.0), images, seed=0)
    terms = evaluation.vae_terms(images, encodings, constant_decoder(0.0), kl_weight=0.1)
    assert terms == pytest.approx(
        {
            "reconstruction_nats_per_pixel": math.log(2),
            "kl_nats": 1.5,
            "objective": math.log(2) + 0.15,
            "elbo_grey_nats": -16 * math.log(2) - 1.5,
        },
        rel=1e-6,
    )


def test_a_better_decoder_has_a_higher_bound() -> None:
    black = np.zeros((4, 4, 4, 1), np.uint8)
    encodings = evaluation.encode(constant_encoder(0.0, 0.0), black, seed=0)
    dark, light = (evaluation.vae_terms(black, encodings, constant_decoder(logit), 1) for logit in (-3, 3))
    assert dark["elbo_grey_nats"] > light["elbo_grey_nats"]
    assert dark["objective"] < light["objective"]
    assert dark["kl_nats"] == light["kl_nats"] == 0


def test_reconstructions_stand_below_their_images() -> None:
    images = quadrant_images([0, 3])
    pairs = evaluation.reconstruct(constant_decoder(0.0), images, np.zeros((2, 3), np.float32))
    assert_array_equal(pairs[0], images)
    assert_array_equal(pairs[1], np.full((2, 4, 4, 1), 128))
    assert pairs.dtype == np.uint8


def test_representatives_are_the_first_of_each_class() -> None:
    labels = np.array([2, 0, 1, 1, 2, 0, 0, 1, 2], np.uint8)
    assert evaluation.representatives(labels, 6).tolist() == [1, 5, 2, 3, 0, 4]
    assert evaluation.representatives(labels, 7).tolist() == [1, 5, 2, 3, 0, 4]
    assert evaluation.representatives(labels, 2).tolist() == [1, 2]
