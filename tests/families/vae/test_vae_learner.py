from collections.abc import Callable

import keras
import numpy as np
import pytest
import tensorflow as tf

from latentlab.families.vae.model.learner import METRICS
from latentlab.families.vae.model.objectives import Objective, gaussian, gaussian_optimal
from latentlab.learning.tensors import Tensor
from tests.tiny_learners import build_vae, changed, images, labels, names, stack, state


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
    monkeypatch.setattr("latentlab.learning.descent.PART", 3)
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


def test_a_warm_up_counts_the_steps_that_the_optimizer_did(eagerly: None) -> None:
    """Weights 0, 1/4 and 1/2 of 1 in the first three of four steps; validation has the whole of it."""
    learner = build_vae(objective=Objective(1.0, warmup_steps=4))
    metrics = learner.train(*stack(images(18), steps=3))
    for step in range(3):
        reconstruction, kl, whole = (values[step] for values in metrics.values())
        np.testing.assert_allclose(whole, reconstruction + step / 4 * kl, rtol=1e-5)
    reconstruction, kl, whole = learner.validate(images(6)).values()
    np.testing.assert_allclose(whole, reconstruction + kl, rtol=1e-5)


def test_free_bits_keep_latents_that_a_heavy_kl_would_empty(eagerly: None) -> None:
    """Without them the same weight leaves 0.1 nats after as many steps."""
    learner = build_vae(objective=Objective(1.0, free_nats=1.0), learning_rate=0.03)
    for _ in range(15):
        metrics = learner.train(*stack(images(16)))
    assert metrics["train_kl"][0] > 1


@pytest.mark.parametrize("reconstruction", [gaussian, gaussian_optimal])
def test_a_gaussian_reconstruction_is_learned(
    reconstruction: Callable[[Tensor, Tensor], Tensor], eagerly: None
) -> None:
    learner = build_vae(objective=Objective(0.01, reconstruction), learning_rate=0.03)
    losses = [learner.train(*stack(images(16)))["train_reconstruction"][0] for _ in range(15)]
    assert losses[-1] < losses[0] - 0.5


def test_what_is_told_the_class_trains_all_its_weights_and_differs_by_class(eagerly: None) -> None:
    learner = build_vae(conditional=True, learning_rate=0.03)
    before, (seen, classes) = state(learner), (images(16), labels(16))
    losses = [learner.train(*stack(seen, classes))["train_objective"][0] for _ in range(8)]
    assert losses[-1] < losses[0]
    assert names(learner, learner.encoder.trainable_variables) <= changed(learner, before)
    assert names(learner, learner.decoder.trainable_variables) <= changed(learner, before)
    right, wrong = learner.validate(seen, classes), learner.validate(seen, 1 - classes)
    assert right["validation_reconstruction"] < wrong["validation_reconstruction"]


def test_sigma_is_the_error_of_images_by_their_own_draws(eagerly: None) -> None:
    """Almost without noise, so that the decoder sees z_mean; and it trains nothing."""
    learner = build_vae(epsilon_sigma=1e-6)
    learner.train(*stack(images(20, seed=2)))
    before, x = state(learner), images(7) / np.float32(255)
    z_mean, _ = learner.encoder(x)
    expected = np.sqrt(np.mean((x - np.asarray(learner.decoder(z_mean))) ** 2))
    np.testing.assert_allclose(learner.fit_sigma(images(7)), expected, rtol=1e-5)
    assert changed(learner, before) <= names(learner, learner.sampler.variables)


def test_the_same_state_has_the_same_sigma_with_the_noise_in_it() -> None:
    first, second = (build_vae(conditional=True) for _ in range(2))
    assert first.fit_sigma(images(9), labels(9)) == second.fit_sigma(images(9), labels(9))


def test_sigma_balances_the_kl_by_itself(eagerly: None) -> None:
    """At its true weight the KL tells images of two kinds apart, while sigma falls to a third."""
    learner = build_vae(objective=Objective(1 / 64, gaussian_optimal), learning_rate=0.03)
    history = [learner.train(*stack(images(16))) for _ in range(40)]
    assert history[-1]["train_kl"][0] > np.log(2)
    gained = history[0]["train_reconstruction"][0] - history[-1]["train_reconstruction"][0]
    assert gained > np.log(3)
