"""Images that the discriminator sees are changed at random, differentiably."""

from collections.abc import Iterator
from typing import get_args

import keras
import numpy as np
import pytest
import tensorflow as tf

from latentlab.families.gan.model import augmentation
from latentlab.families.gan.model.augmentation import AUGMENTATIONS, Augmentation, Draw, augment
from latentlab.families.gan.settings import Settings


def drawing(*shares: float) -> Draw:
    """Draws that lie at such shares of their ranges, one after the other."""
    left: Iterator[float] = iter(shares)

    def draw(low: float, high: float) -> tf.Tensor:
        return tf.fill((1, 1, 1, 1), float(low + next(left) * (high - low)))

    return draw


def row(*pixels: float) -> tf.Tensor:
    """One grey image of one row."""
    return tf.constant(pixels, shape=(1, 1, len(pixels), 1))


def noise(count: int = 4, side: int = 8) -> tf.Tensor:
    return tf.constant(np.random.default_rng(0).random((count, side, side, 3), np.float32))


def test_a_flip_by_hand() -> None:
    assert np.ravel(augmentation.flip(row(1, 2, 3), drawing(0.4))).tolist() == [3, 2, 1]
    assert np.ravel(augmentation.flip(row(1, 2, 3), drawing(0.6))).tolist() == [1, 2, 3]


def test_a_colour_by_hand() -> None:
    """Brighter by 0.5; then twice as far from its own grey; then half as far from the mean of all."""
    image = tf.constant([0.0, 0.2, 0.4, 0.0, 0.0, 0.0], shape=(1, 1, 2, 3))
    # Grey of 0.7 and 0.5; twice as far: 0.3, 0.7, 1.1 and thrice 0.5; the mean of all is 0.6.
    expected = [0.45, 0.65, 0.85, 0.55, 0.55, 0.55]
    np.testing.assert_allclose(np.ravel(augmentation.colour(image, drawing(1, 1, 0))), expected, rtol=1e-5)


def test_a_shift_by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """By half of four pixels to the right, at most; nothing moves up or down in one row."""
    monkeypatch.setattr(augmentation, "SHIFT", 0.5)
    image = tf.constant([[1.0, 2, 3, 4], [5, 6, 7, 8], [1, 1, 1, 1], [2, 2, 2, 2]])[None, ..., None]
    right = augmentation.shift(image, drawing(0.5, 0.99))
    assert right[0, :2, :, 0].numpy().tolist() == [[0, 0, 1, 2], [0, 0, 5, 6]]
    up = augmentation.shift(image, drawing(0.3, 0.5))
    assert up[0, ..., 0].numpy().tolist() == [[5, 6, 7, 8], [1, 1, 1, 1], [2, 2, 2, 2], [0, 0, 0, 0]]


def test_a_cutout_by_hand() -> None:
    """Half of four pixels, from one before the middle on."""
    cut = augmentation.cutout(tf.ones((1, 4, 4, 1)), drawing(0.5, 0.0))
    assert cut[0, ..., 0].numpy().tolist() == [[1, 1, 1, 1], [0, 1, 1, 1], [0, 1, 1, 1], [1, 1, 1, 1]]


@pytest.mark.parametrize("side", [4, 6, 28])
def test_a_cutout_hides_both_edges_alike(side: int) -> None:
    shares = tf.reshape(tf.linspace(0.0, 1.0, 10_001)[:-1], (-1, 1, 1, 1))
    hidden = tf.reduce_mean(tf.cast(augmentation._hidden(side, shares), tf.float32), axis=0).numpy()
    np.testing.assert_allclose(hidden, hidden[::-1], atol=1e-3)


@pytest.mark.parametrize("name", AUGMENTATIONS)
def test_gradients_pass_and_each_image_is_changed_for_itself(name: Augmentation) -> None:
    images = tf.repeat(noise(1), 64, axis=0)
    seed = keras.random.SeedGenerator(3)
    with tf.GradientTape() as tape:
        tape.watch(images)
        changed = augment(images, [name], seed)
        total = tf.reduce_sum(changed**2)
    gradients = tape.gradient(total, images)
    assert changed.shape == images.shape
    assert len(np.unique(changed, axis=0)) > 1
    assert all(np.abs(each).max() > 0 for each in gradients.numpy())


def test_draws_follow_the_seed_and_go_on() -> None:
    names: list[Augmentation] = list(AUGMENTATIONS)
    first, other = keras.random.SeedGenerator(3), keras.random.SeedGenerator(3)
    once = augment(noise(), names, first)
    assert np.array_equal(once, augment(noise(), names, other))
    assert not np.array_equal(once, augment(noise(), names, first))


def test_without_a_name_nothing_is_drawn() -> None:
    seed = keras.random.SeedGenerator(3)
    before = seed.state.numpy().tolist()
    images = noise()
    assert augment(images, [], seed) is images
    assert seed.state.numpy().tolist() == before


def test_names_are_those_of_the_params() -> None:
    [names, _] = get_args(Settings.model_fields["augmentations"].annotation)
    assert get_args(names) == tuple(AUGMENTATIONS) == get_args(Augmentation)
