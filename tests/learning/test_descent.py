import keras
import numpy as np
import pytest
import tensorflow as tf

from latentlab.learning import descent
from latentlab.learning.tensors import Tensor


class Level:
    """One grey level for all images, and its squared error, beside a term that nothing minimises."""

    def __init__(self) -> None:
        self.level = keras.Variable(0.0)
        optimizer = keras.optimizers.SGD(0.25)
        self.descent = descent.Descent(self._terms, ("level", "error"), [self.level], optimizer)

    def _terms(self, images: Tensor, *, training: bool) -> tuple[Tensor, Tensor]:
        x = descent.to_float(images)
        offset = 0.0 if training else 100.0
        return self.level + offset, tf.reduce_mean((x - self.level) ** 2)


def grey(*levels: int) -> np.ndarray:
    return np.array(levels, np.uint8).reshape(-1, 1, 1, 1)


def test_steps_by_hand(eagerly: None) -> None:
    """White images: an error of (1 - w)^2 falls by half of the way, 1/4 * 2 (1 - w), each step."""
    model = Level()
    values = model.descent.train(np.full((3, 2, 1, 1, 1), 255, np.uint8))
    np.testing.assert_allclose(values["train_level"], [0, 0.5, 0.75])
    np.testing.assert_allclose(values["train_error"], [1, 0.25, 0.0625])
    assert float(model.level) == pytest.approx(0.875)


def test_validation_weighs_parts_by_their_images_and_changes_nothing(
    eagerly: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three images in parts of two and one; errors against 0 of 1, 1 and 0."""
    monkeypatch.setattr(descent, "PART", 2)
    model = Level()
    values = model.descent.validate(grey(255, 255, 0))
    assert values == pytest.approx({"validation_level": 100, "validation_error": 2 / 3})
    assert float(model.level) == 0


def test_adam_has_the_decay_of_its_paper_unless_told_otherwise() -> None:
    usual, other = descent.adam(0.01), descent.adam(0.01, beta_1=0.5)
    assert (usual.beta_1, other.beta_1) == (0.9, 0.5)
    assert float(usual.learning_rate) == pytest.approx(0.01)


def test_a_step_size_cools_down_in_a_line_over_the_last_steps() -> None:
    """Half of four steps: 0.8 stays until two are left, and has halved when one is."""
    rate = descent.cooled_down(0.8, steps=4, share=0.5)
    assert isinstance(rate, descent.Cooldown)
    assert [float(rate(tf.constant(step, tf.int64))) for step in range(5)] == pytest.approx(
        [0.8, 0.8, 0.8, 0.4, 0]
    )


def test_without_a_cooldown_a_step_size_is_a_plain_number() -> None:
    assert descent.cooled_down(0.8, steps=4, share=0.0) == 0.8


def test_a_step_moves_by_the_step_size_of_its_turn() -> None:
    """Adam moves by its step size where gradients stay what they are."""
    variable = keras.Variable(0.0)
    optimizer = descent.adam(descent.cooled_down(0.8, steps=4, share=0.5))
    optimizer.build([variable])
    places = [0.0]
    for _ in range(5):
        optimizer.apply([tf.constant(-1.0)])
        places.append(float(variable))
    assert np.diff(places) == pytest.approx([0.8, 0.8, 0.8, 0.4, 0], abs=1e-5)
