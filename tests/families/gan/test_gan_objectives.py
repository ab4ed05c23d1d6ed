import math
from typing import get_args

import numpy as np
import pytest
import tensorflow as tf

from latentlab.families.gan.model.objectives import OBJECTIVES, cross_entropy
from latentlab.families.gan.model.penalty import gradient_penalty, zero_centred
from latentlab.families.gan.settings import Settings

# Two real images and two generated ones, and the losses of these outputs.
REAL, GENERATED = tf.constant([[2.0], [0.0]]), tf.constant([[-1.0], [0.5]])


def test_cross_entropy_by_hand() -> None:
    """Logits 0 and ln 3 say p = 1/2 and 3/4: -ln p for label 1, and -ln(1 - p) for label 0."""
    logits = tf.constant([[0.0], [math.log(3)]])
    np.testing.assert_allclose(cross_entropy(logits, 1.0), (math.log(2) + math.log(4 / 3)) / 2, rtol=1e-6)
    np.testing.assert_allclose(cross_entropy(logits, 0.0), (math.log(2) + math.log(4)) / 2, rtol=1e-6)
    assert float(cross_entropy(tf.constant([[-500.0]]), 1.0)) == 500


@pytest.mark.parametrize(
    ("name", "discriminator", "generator"),
    [
        # 1/2 of (1 + 1) / 2, and of (1 + 1/4) / 2; for the generator 1/2 of (4 + 1/4) / 2.
        ("least_squares", 0.5 + 0.3125, 1.0625),
        # Means of 0 and 1 short of the margin, and of 0 and 3/2 beyond it.
        ("hinge", 0.5 + 0.75, 0.25),
        # Means of 1 and -1/4.
        ("wasserstein_gp", -0.25 - 1, 0.25),
    ],
)
def test_losses_by_hand(name: str, discriminator: float, generator: float) -> None:
    assert float(OBJECTIVES[name].discriminator(REAL, GENERATED)) == discriminator
    assert float(OBJECTIVES[name].generator(GENERATED)) == generator


def test_the_lecture_s_losses_by_hand() -> None:
    """Outputs of ln 3 for real and 0 for generated images say p = 3/4 and 1/2."""
    real, generated = tf.constant([[math.log(3)]]), tf.constant([[0.0]])
    lecture = OBJECTIVES["non_saturating"]
    expected = (math.log(4 / 3) + math.log(2)) / 2
    np.testing.assert_allclose(lecture.discriminator(real, generated), expected, rtol=1e-6)
    np.testing.assert_allclose(lecture.generator(generated), math.log(2), rtol=1e-6)


def test_pairs_are_compared_by_hand() -> None:
    """The real one scores ln 3 more in the first pair, and as much as the other in the second: 4/3, and 2."""
    real, generated = tf.constant([[math.log(3)], [0.5]]), tf.constant([[0.0], [0.5]])
    pairs = OBJECTIVES["relativistic"]
    expected = (math.log(4 / 3) + math.log(2)) / 2
    np.testing.assert_allclose(pairs.discriminator(real, generated), expected, rtol=1e-6)
    np.testing.assert_allclose(pairs.generator(generated, real), (math.log(4) + math.log(2)) / 2, rtol=1e-6)
    np.testing.assert_allclose(pairs.discriminator(real + 9, generated + 9), expected, rtol=1e-6)


@pytest.mark.parametrize("name", OBJECTIVES)
def test_each_side_gains_by_what_it_is_there_for(name: str) -> None:
    objective = OBJECTIVES[name]
    assert objective.discriminator(REAL + 0.5, GENERATED) < objective.discriminator(REAL, GENERATED) or (
        name == "least_squares"
    )
    assert objective.discriminator(REAL, GENERATED) < objective.discriminator(GENERATED, REAL)
    rivals = [REAL] if objective.relative else []
    assert objective.generator(GENERATED + 0.5, *rivals) < objective.generator(GENERATED, *rivals)


def test_boundaries_between_real_and_generated() -> None:
    boundaries = {name: float(objective.boundary(REAL, GENERATED)) for name, objective in OBJECTIVES.items()}
    assert boundaries == {
        "non_saturating": 0,
        "least_squares": 0.5,
        "hinge": 0,
        "wasserstein_gp": (1 - 0.25) / 2,
        "relativistic": (1 - 0.25) / 2,
    }


def test_objectives_are_those_of_the_params() -> None:
    assert get_args(Settings.model_fields["objective"].annotation) == tuple(OBJECTIVES)


def test_the_penalty_by_hand() -> None:
    """D = a x_1^2 / 2 has the slope a x_1: with a = 4, and x_1 = 1/2 and 1 between the images, 2 and 4."""
    real = tf.constant([1.0, 0, 1, 0], shape=(2, 1, 2, 1))
    generated = tf.constant([0.0, 0, 1, 0], shape=(2, 1, 2, 1))
    shares = tf.fill((2, 1, 1, 1), 0.5)
    a = tf.Variable(4.0)

    def critic(images: tf.Tensor) -> tf.Tensor:
        return a * images[:, 0, 0] ** 2 / 2

    with tf.GradientTape() as tape:
        penalty = gradient_penalty(critic, real, generated, shares)
    assert float(penalty) == pytest.approx(((2 - 1) ** 2 + (4 - 1) ** 2) / 2)
    # The critic learns from it: d/da of the mean of (a/2 - 1)^2 and (a - 1)^2.
    assert float(tape.gradient(penalty, a)) == pytest.approx((1 + 6) / 2)


def test_a_critic_without_a_slope_has_a_penalty_and_can_be_trained() -> None:
    """Of (0 - 1)^2; a root has no slope at 0, and a loss of NaN would end the training."""
    images, a = tf.ones((3, 1, 1, 1)), tf.Variable(0.0)
    with tf.GradientTape() as tape:
        penalty = gradient_penalty(lambda x: a * x[:, 0, 0], images, -images, tf.ones((3, 1, 1, 1)))
    assert float(penalty) == pytest.approx(1, rel=1e-5)
    assert np.isfinite(tape.gradient(penalty, a))


def test_a_critic_of_slope_one_has_no_penalty() -> None:
    images = tf.random.normal((3, 2, 2, 1), seed=0)
    assert float(gradient_penalty(lambda x: x[:, 0, 0], images, -images, tf.ones((3, 1, 1, 1)))) < 1e-10


def test_the_zero_centred_penalty_by_hand() -> None:
    """D = a x_1^2 + 3 x_2 has the slopes 2 a x_1 and 3: with a = 3 and x_1 = 1 and 0, squares of 45 and 9."""
    images = tf.constant([1.0, 5, 0, 5], shape=(2, 1, 2, 1))
    a = tf.Variable(3.0)

    def discriminator(images: tf.Tensor) -> tf.Tensor:
        return a * images[:, 0, 0] ** 2 + 3 * images[:, 0, 1]

    with tf.GradientTape() as tape:
        penalty = zero_centred(discriminator, images)
    assert float(penalty) == pytest.approx((45 + 9) / 2 / 2)
    # d/da of the mean of 4 a^2 x_1^2 / 2.
    assert float(tape.gradient(penalty, a)) == pytest.approx(2 * 2 * 3 / 2)
