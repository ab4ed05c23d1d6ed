import math
from pathlib import Path

import keras
import numpy as np
import pytest
import tensorflow as tf

from latentlab import params
from latentlab.errors import DataError
from latentlab.vae import METRICS, Architecture, Sampler, build_decoder, build_encoder, objective
from tests.tiny_learners import build_vae, changed, images, names, stack, state

LECTURE = Path(__file__).parents[1] / "presets" / "lecture.yaml"


def architecture(**changes: object) -> Architecture:
    sizes = {"latent_dim": 3, "filters": (2, 4), "dense_units": 5, "image_shape": (8, 12, 1)}
    return Architecture(**(sizes | changes))  # type: ignore[arg-type]


def trainable(model: keras.Model) -> int:
    return sum(math.prod(weight.shape) for weight in model.trainable_weights)


def test_parameters_of_the_lecture() -> None:
    settings = params.load(LECTURE).vae
    shape = Architecture(settings.latent_dim, settings.filters, settings.dense_units, (28, 28, 1))
    encoder, decoder = build_encoder(shape, 0), build_decoder(shape, 0)
    assert (encoder.count_params(), trainable(encoder)) == (17_036, 16_908)
    assert (decoder.count_params(), trainable(decoder)) == (20_089, 19_961)


def test_shapes_and_ranges() -> None:
    shape = architecture(image_shape=(8, 12, 3))
    z_mean, z_log_var = build_encoder(shape, 0)(np.random.default_rng(0).random((2, 8, 12, 3)))
    assert z_mean.shape == z_log_var.shape == (2, 3)
    decoded = np.asarray(build_decoder(shape, 0)(30 * np.random.default_rng(0).standard_normal((2, 3))))
    assert decoded.shape == (2, 8, 12, 3)
    assert decoded.dtype == np.float32
    assert 0 <= decoded.min() < decoded.max() <= 1


def test_seed_decides_the_initial_weights() -> None:
    first, same, other = (build_encoder(architecture(), seed).get_weights() for seed in (1, 1, 2))
    assert all(np.array_equal(*pair) for pair in zip(first, same, strict=True))
    assert not np.array_equal(first[0], other[0])


@pytest.mark.parametrize("image_shape", [(10, 8, 1), (8, 6, 1), (28, 30, 3)])
def test_sides_that_cannot_be_halved_are_refused(image_shape: tuple[int, int, int]) -> None:
    height, width, _ = image_shape
    with pytest.raises(
        DataError, match=rf"multiples of 4, and got images of {height} x {width}: shorten vae\.filters"
    ):
        architecture(image_shape=image_shape)
    architecture(image_shape=image_shape, filters=(2,))


def test_sampler_draws_from_the_normal_distribution() -> None:
    z_mean = np.full((100_000, 2), [3, -1], np.float32)
    z_log_var = np.full((100_000, 2), [0, 2 * math.log(4)], np.float32)
    z = np.asarray(Sampler(0.5, seed=1)(z_mean, z_log_var))
    np.testing.assert_allclose(z.mean(axis=0), [3, -1], atol=0.02)
    np.testing.assert_allclose(z.std(axis=0), [0.5, 2], rtol=0.01)
    assert abs(np.corrcoef(z.T)[0, 1]) < 0.02


def test_sampler_draws_anew_each_time_in_an_order_that_its_seed_decides() -> None:
    zeros = np.zeros((4, 2), np.float32)
    first, same, other = Sampler(1.0, seed=1), Sampler(1.0, seed=1), Sampler(1.0, seed=2)
    draws = [np.asarray(first(zeros, zeros)) for _ in range(2)]
    assert not np.array_equal(draws[0], draws[1])
    assert np.array_equal([np.asarray(same(zeros, zeros)) for _ in range(2)], draws)
    assert not np.array_equal(np.asarray(other(zeros, zeros)), draws[0])


def test_gradients_pass_the_sampler_to_both_inputs() -> None:
    """dz / dz_mean is 1, and dz / dz_log_var is exp(z_log_var / 2) epsilon / 2 = (z - z_mean) / 2."""
    z_mean, z_log_var = tf.constant([[1.0, 2.0]]), tf.constant([[0.5, -3.0]])
    with tf.GradientTape() as tape:
        tape.watch([z_mean, z_log_var])
        z = Sampler(1.0, seed=3)(z_mean, z_log_var)
    of_mean, of_log_var = tape.gradient(z, [z_mean, z_log_var])
    assert of_mean.numpy().tolist() == [[1, 1]]
    np.testing.assert_allclose(of_log_var, (z - z_mean) / 2, rtol=1e-5)
    assert np.all(of_log_var.numpy() != 0)


def test_gradients_reach_both_heads_of_the_encoder_through_sampler_and_decoder() -> None:
    """Of the reconstruction alone, since the KL would reach both heads without any sampler."""
    learner = build_vae()
    x = tf.cast(images(4), tf.float32) / 255
    with tf.GradientTape() as tape:
        z_mean, z_log_var = learner.encoder(x, training=True)
        decoded = learner.decoder(learner.sampler(z_mean, z_log_var), training=True)
        reconstruction = tf.reduce_mean(keras.losses.binary_crossentropy(x, decoded))
    heads = [learner.encoder.get_layer(name).kernel.value for name in ("z_mean", "z_log_var")]
    for gradient in tape.gradient(reconstruction, heads):
        assert np.all(np.abs(gradient).max(axis=0) > 1e-6)


def test_objective_by_hand() -> None:
    """Pixels 1, 0 and 1/4 at logits 0, 0 and ln 3, so that p is 1/2, 1/2 and 3/4.

    The last one's cross-entropy is -(1/4 ln 3/4 + 3/4 ln 1/4) = ln 4 - 1/4 ln 3. The KL is 1/2 (mu^2 +
    sigma^2 - 1 - ln sigma^2) for each latent: 2 for mu 2 and sigma 1, and 1/2 (4 - 1 - ln 4) for sigma 2.
    """
    x = tf.constant([1, 0, 0.25], shape=(1, 1, 3, 1))
    logits = tf.constant([0, 0, math.log(3)], shape=(1, 1, 3, 1))
    z_mean, z_log_var = tf.constant([[2.0, 0.0]]), tf.constant([[0.0, math.log(4)]])
    values = objective(x, logits, z_mean, z_log_var, kl_weight=0.1)
    reconstruction = (2 * math.log(2) + math.log(4) - math.log(3) / 4) / 3
    kl = 2 + (3 - math.log(4)) / 2
    np.testing.assert_allclose(values, [reconstruction, kl, reconstruction + 0.1 * kl], rtol=1e-6)


def test_objective_is_a_mean_over_images_and_finite_for_certain_logits() -> None:
    x = tf.constant([1, 0], tf.float32, shape=(2, 1, 1, 1))
    z_mean, z_log_var = tf.constant([[0.0], [2.0]]), tf.zeros((2, 1))
    wrong = objective(
        x, tf.constant([-500, 500], tf.float32, shape=(2, 1, 1, 1)), z_mean, z_log_var, kl_weight=0
    )
    assert [float(value) for value in wrong] == [500, 1, 500]


def test_a_step_changes_exactly_what_it_should(eagerly: None) -> None:
    learner = build_vae()
    before = state(learner)
    learner.train(*stack(images(6)))
    constant = {name for name in names(learner, learner.variables) if "learning_rate" in name}
    assert len(constant) == 1
    assert changed(learner, before) == names(learner, learner.variables) - constant
    moving = {name for name in changed(learner, before) if "moving" in name}
    assert len(moving) == 2 * (2 + 1 + 1 + 2)


def test_all_that_training_changes_is_told_once() -> None:
    learner = build_vae()
    parts = [learner.encoder.variables, learner.decoder.variables, learner.sampler.variables]
    assert names(learner, *parts) < names(learner, learner.variables)
    assert len(names(learner, learner.variables)) == len(learner.variables)


def test_validation_changes_the_noise_alone(eagerly: None) -> None:
    learner = build_vae()
    before = state(learner)
    learner.validate(images(6))
    assert changed(learner, before) == names(learner, learner.sampler.variables)


def test_metrics_of_training_and_validation(eagerly: None) -> None:
    learner = build_vae()
    trained = learner.train(*stack(images(6), steps=3))
    assert list(trained) == [f"train_{name}" for name in METRICS]
    assert all(values.shape == (3,) for values in trained.values())
    assert list(learner.validate(images(5))) == [f"validation_{name}" for name in METRICS]


def test_validation_equals_plain_keras_on_images_of_uneven_parts(
    eagerly: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Almost without noise, so that the decoder sees z_mean; seven images come in parts of 3, 3 and 1."""
    monkeypatch.setattr("latentlab.vae.PART", 3)
    learner = build_vae(epsilon_sigma=1e-6, kl_weight=0.5)
    learner.train(*stack(images(20, seed=2)))
    validation = images(7)
    x = validation / np.float32(255)
    z_mean, z_log_var = (np.asarray(output, np.float64) for output in learner.encoder(x))
    decoded = np.asarray(learner.decoder(z_mean), np.float64)
    reconstruction = -np.mean(x * np.log(decoded) + (1 - x) * np.log(1 - decoded))
    kl = np.mean(np.sum(z_mean**2 + np.exp(z_log_var) - 1 - z_log_var, axis=1) / 2)
    values = learner.validate(validation)
    expected = [reconstruction, kl, reconstruction + 0.5 * kl]
    np.testing.assert_allclose(list(values.values()), expected, rtol=1e-4)


def test_it_learns_and_a_heavier_kl_is_a_smaller_kl(eagerly: None) -> None:
    final = {}
    for kl_weight in (0.0, 1.0):
        learner = build_vae(kl_weight=kl_weight, learning_rate=0.03)
        history = [learner.train(*stack(images(16))) for _ in range(15)]
        first, last = history[0]["train_objective"][0], history[-1]["train_objective"][0]
        assert last < 0.8 * first
        final[kl_weight] = history[-1]["train_kl"][0]
    assert final[1.0] < 0.1 * final[0.0]
