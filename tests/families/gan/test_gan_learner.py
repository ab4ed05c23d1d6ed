import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from latentlab.families.gan.model import accumulation
from latentlab.families.gan.model.learner import METRICS, Gan
from latentlab.learning.conditioning import chain_of
from latentlab.trained import inference, model_files
from tests.tiny_learners import SHAPE, build_gan, changed, images, labels, names, stack, state


def noise_states(learner: Gan) -> set[str]:
    """The random states of the discriminator's dropout."""
    return {name for name in names(learner, learner.discriminator.variables) if "seed_generator" in name}


def white(count: int) -> np.ndarray:
    """Real images that nobody takes for the grey ones of an untrained generator."""
    return np.full((count, *SHAPE), 255, np.uint8)


@pytest.mark.parametrize("share_fakes", [True, False])
def test_a_step_changes_all_but_the_rates(eagerly: None, share_fakes: bool) -> None:
    learner = build_gan(share_fakes=share_fakes)
    assert len(names(learner, learner.variables)) == len(learner.variables)
    before = state(learner)
    learner.train(*stack(images(6)))
    constant = {name for name in names(learner, learner.variables) if "learning_rate" in name}
    assert len(constant) == 2
    assert changed(learner, before) == names(learner, learner.variables) - constant


@pytest.mark.parametrize("share_fakes", [True, False])
def test_each_network_is_changed_by_its_own_step_alone(eagerly: None, share_fakes: bool) -> None:
    """With the other's learning rate at zero, so that whatever moves it would be the wrong step."""
    for rates in [(0.0, 0.01), (0.01, 0.0)]:
        learner = build_gan(batch_norm=False, average_decay=0, share_fakes=share_fakes, rates=rates)
        before = state(learner)
        learner.train(*stack(images(12), steps=2))
        trained, other = learner.discriminator, learner.generator
        if rates[0] > 0:
            trained, other = other, trained
        assert names(learner, trained.trainable_variables) <= changed(learner, before)
        assert names(learner, other.variables) & changed(learner, before) <= noise_states(learner)


def test_dropout_stays_on_while_the_generator_learns(eagerly: None) -> None:
    """Each of the two layers draws once for the discriminator's step, and once for the generator's."""
    learner = build_gan()
    learner.train(*stack(images(18), steps=3))
    dropouts = [layer for layer in learner.discriminator.layers if layer.name.startswith("dropout")]
    draws = [int(layer.seed_generator.state.numpy()[1]) for layer in dropouts]
    assert draws == [6, 6]


@pytest.mark.parametrize(("share_fakes", "draws"), [(True, 3), (False, 6)])
def test_shared_fakes_need_half_the_latents(eagerly: None, share_fakes: bool, draws: int) -> None:
    learner = build_gan(share_fakes=share_fakes)
    learner.train(*stack(images(18), steps=3))
    [noise] = [variable for variable in learner.variables[-1:] if "seed_generator" in variable.path]
    assert int(noise.numpy()[1]) == draws


@pytest.mark.parametrize("batch_norm", [True, False])
def test_parts_of_a_batch_train_like_the_whole(
    batch_norm: bool, eagerly: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Normalisation over the batch needs it whole; without it, parts change no more than rounding."""
    weights = []
    for part in (12, 4):
        monkeypatch.setattr(accumulation, "PART", part)
        learner = build_gan(batch_norm=batch_norm, dropout=0.0, share_fakes=False)
        learner.train(*stack(images(6)))
        weights.append([*learner.generator.get_weights(), *learner.discriminator.get_weights()])
    for whole, parted in zip(*weights, strict=True):
        np.testing.assert_allclose(parted, whole, rtol=1e-4, atol=1e-6)


def test_without_decay_the_average_is_the_generator() -> None:
    learner = build_gan(average_decay=0)
    assert learner.averaged is learner.generator
    assert len(names(learner, learner.variables)) == len(learner.variables)


def test_average_by_hand(eagerly: None) -> None:
    """0.75 of the average so far and 0.25 of the new weights, statistics of the norms included."""
    learner = build_gan(average_decay=0.75)
    expected = learner.generator.get_weights()
    for _ in range(2):
        learner.train(*stack(images(6)))
        pairs = zip(expected, learner.generator.get_weights(), strict=True)
        expected = [0.75 * average + 0.25 * current for average, current in pairs]
    for average, current, mine in zip(
        expected, learner.generator.get_weights(), learner.averaged.get_weights(), strict=True
    ):
        np.testing.assert_allclose(mine, average, rtol=1e-5, atol=1e-7)
        assert not np.array_equal(mine, current)


@pytest.mark.parametrize("objective", ["least_squares", "hinge", "wasserstein_gp", "relativistic"])
def test_other_objectives_train_both_networks(eagerly: None, objective: str) -> None:
    learner = build_gan(batch_norm=False, dropout=0.0, objective=objective, rates=(1e-5, 0.02))
    before = state(learner)
    metrics = learner.train(*stack(white(6 * 24), steps=24))
    assert metrics["discriminator_loss"][-1] < metrics["discriminator_loss"][0] - 0.2
    assert metrics["discriminator_accuracy_real"][-1] == 1
    assert metrics["discriminator_accuracy_generated"][-1] == 1
    networks = (learner.generator, learner.discriminator)
    # Of the critic all but the last bias, a constant that a difference does not see.
    trained = [layer.kernel for net in networks for layer in net.layers if hasattr(layer, "kernel")]
    assert names(learner, trained) <= changed(learner, before)


def test_whatever_is_random_follows_seed_and_step() -> None:
    """Four steps are two and two more, after all that training changes was handed on to a new learner."""
    settings: dict[str, Any] = {
        "blocks": "residual",
        "objective": "hinge",
        "r1": 0.1,
        "augmentations": ("flip", "colour", "shift", "cutout"),
        "spectral_norm": True,
        "conditional": True,
        "share_fakes": False,
    }
    arrays = stack(images(24), labels(24), steps=4)
    whole, first, second = (build_gan(**settings) for _ in range(3))
    whole.train(*arrays)
    first.train(*(each[:2] for each in arrays))
    handed_on = state(first)
    for mine, theirs in zip(second.variables, first.variables, strict=True):
        mine.assign(theirs.numpy())
    second.train(*(each[2:] for each in arrays))
    assert state(second) == state(whole)
    assert changed(second, handed_on) > names(second, second.generator.trainable_variables)


def test_penalties_make_the_discriminator_flatter(eagerly: None) -> None:
    """Its scores of real and of generated images end nearer to each other."""
    gaps = []
    for weight in (0.0, 10.0):
        learner = build_gan(
            batch_norm=False, dropout=0.0, objective="relativistic", r1=weight, r2=weight, rates=(0.0, 0.01)
        )
        gaps.append(learner.train(*stack(white(6 * 24), steps=24))["discriminator_loss"][-1])
    assert gaps[0] < 0.1 < gaps[1]


def test_generated_images_are_saved_and_shown_unchanged(eagerly: None) -> None:
    """With a rate of none, samples are those of a learner that augments nothing."""
    names = ["flip", "colour", "shift", "cutout"]
    augmented, plain = (
        build_gan(augmentations=each, rates=(0.0, 0.0), average_decay=0) for each in (names, [])
    )
    assert np.array_equal(augmented.sample()["samples"], plain.sample()["samples"])
    assert (
        augmented.train(*stack(images(6)))["discriminator_loss"]
        != plain.train(*stack(images(6)))["discriminator_loss"]
    )


def test_a_critic_s_output_is_no_probability(eagerly: None) -> None:
    learner = build_gan(objective="hinge")
    assert learner.discriminator.layers[-1].name == "score"
    judged = learner.discriminator(np.full((1, *SHAPE), 1e3, np.float32))
    assert abs(float(judged[0, 0])) > 1


@pytest.mark.parametrize("share_fakes", [True, False])
def test_the_discriminator_really_learns(eagerly: None, share_fakes: bool) -> None:
    learner = build_gan(batch_norm=False, share_fakes=share_fakes, dropout=0.0, rates=(0.0, 0.02))
    metrics = learner.train(*stack(white(6 * 24), steps=24))
    losses = metrics["discriminator_loss"]
    assert abs(losses[0] - math.log(2)) < 0.3
    assert losses[-1] < 0.2
    assert metrics["discriminator_accuracy_real"][-1] == 1
    assert metrics["discriminator_accuracy_generated"][-1] == 1


def test_the_generator_learns_against_a_discriminator_that_stands_still(eagerly: None) -> None:
    learner = build_gan(batch_norm=False, dropout=0.0, rates=(0.04, 0.0))
    losses = learner.train(*stack(images(6 * 12), steps=12))["generator_loss"]
    assert losses[-3:].mean() < losses[:3].mean() - 0.05


def test_metrics_of_a_step_by_hand(eagerly: None) -> None:
    """A discriminator whose logit is always ln 3 says 3/4, right for all that is real alone."""
    learner = build_gan(rates=(0.0, 0.0))
    head = learner.discriminator.get_layer("logit")
    head.set_weights([np.zeros_like(head.get_weights()[0]), np.array([math.log(3)])])
    metrics = learner.train(*stack(images(6)))
    assert tuple(metrics) == METRICS
    expected = [(math.log(4 / 3) + math.log(4)) / 2, math.log(4 / 3), 1, 0]
    np.testing.assert_allclose([values[0] for values in metrics.values()], expected, rtol=1e-5)


def test_there_is_nothing_to_validate() -> None:
    assert build_gan().validate() == {}


@pytest.mark.parametrize("average_decay", [0.0, 0.9])
def test_a_snapshot_is_the_generator_that_would_be_saved(average_decay: float, tmp_path: Path) -> None:
    learner = build_gan(average_decay=average_decay)
    learner.averaged.set_weights([weight + 1 for weight in learner.averaged.get_weights()])
    learner.save_snapshot(tmp_path / "snapshot.keras")
    snapshot = model_files.load_model(tmp_path / "snapshot.keras")
    for kept, weight in zip(snapshot.get_weights(), learner.averaged.get_weights(), strict=True):
        np.testing.assert_array_equal(kept, weight)


def test_samples_are_of_the_same_latents_every_time_and_of_the_average() -> None:
    learner = build_gan(average_decay=0.9)
    first = learner.sample()["samples"]
    assert first.shape == (100, *SHAPE)
    assert first.dtype == np.uint8
    learner.generator.set_weights([weight * 0 for weight in learner.generator.get_weights()])
    assert np.array_equal(learner.sample()["samples"], first)
    assert np.array_equal(build_gan().sample()["samples"], first)
    learner.averaged.set_weights([weight * 0 for weight in learner.generator.get_weights()])
    assert not np.array_equal(learner.sample()["samples"], first)
    assert len(np.unique(first, axis=0)) == 100


@pytest.mark.parametrize(("objective", "share_fakes"), [("non_saturating", False), ("wasserstein_gp", True)])
def test_what_is_told_the_class_trains_all_its_weights(
    eagerly: None, objective: str, share_fakes: bool
) -> None:
    learner = build_gan(conditional=True, dropout=0.0, objective=objective, share_fakes=share_fakes)
    before = state(learner)
    learner.train(*stack(images(12), labels(12), steps=2))
    kernels = [
        layer.kernel
        for net in (learner.generator, learner.discriminator)
        for layer in chain_of(net).layers
        if hasattr(layer, "kernel")
    ]
    assert len(kernels) == 4 + 3
    assert names(learner, kernels) <= changed(learner, before)


def test_samples_of_what_is_told_the_class_come_class_by_class() -> None:
    """Fifty of either class; the snapshot takes latents and classes as well."""
    learner = build_gan(conditional=True)
    samples = learner.sample()["samples"]
    first, second = samples[:50], samples[50:]
    shown, classes = learner._shown
    assert classes is not None
    assert np.bincount(classes).tolist() == [50, 50]
    assert np.array_equal(first, inference.generate(learner.averaged, shown[:50], np.zeros(50, int)))
    assert np.array_equal(second, inference.generate(learner.averaged, shown[50:], np.ones(50, int)))


def test_the_discriminator_learns_which_class_is_which(eagerly: None) -> None:
    """Told the other class, real images look less real to it."""
    learner = build_gan(conditional=True, dropout=0.0, rates=(0.005, 0.02))
    learner.train(*stack(images(6 * 24), labels(6 * 24), steps=24))
    seen, classes = images(40, seed=5), labels(40)
    right, wrong = (
        inference.predict(learner.discriminator, seen, each).mean() for each in (classes, 1 - classes)
    )
    assert right > wrong
