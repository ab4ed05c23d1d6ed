"""Residual blocks: what they compute, and that training and inference agree on it."""

import itertools
from collections.abc import Callable, Iterator
from typing import Any

import keras
import numpy as np
import pytest
from keras import layers

from latentlab.learning.residual import Residual
from tests.plain_keras import assert_equals_keras, images, randomised

BLOCKS: list[Callable[..., Any]] = [Residual.down, Residual.up]


def initial(seed: int = 0) -> Iterator[keras.initializers.Initializer]:
    return map(keras.initializers.GlorotUniform, itertools.count(seed))


def network(block: Callable[..., Any], shape: tuple[int, ...], filters: int, **changes: Any) -> keras.Model:
    residual = Residual(**{"initial": initial()} | changes)
    image = layers.Input(shape)
    return keras.Model(image, block(residual, image, filters, "block"), name="network")


def zeroed(model: keras.Model, *names: str) -> keras.Model:
    for name in names:
        layer = model.get_layer(name)
        layer.set_weights([np.zeros_like(weight) for weight in layer.get_weights()])
    return model


@pytest.mark.parametrize("filters", [3, 5])
@pytest.mark.parametrize("sides", [(4, 6), (5, 7)])
@pytest.mark.parametrize("batch_norm", [True, False])
@pytest.mark.parametrize("block", BLOCKS)
@pytest.mark.usefixtures("every_width_is_fast")
def test_training_computes_what_keras_does(
    block: Callable[..., Any], batch_norm: bool, sides: tuple[int, int], filters: int
) -> None:
    """Outputs, gradients and moving averages, with and without a convolution on the skip."""
    model = randomised(network(block, (*sides, 3), filters, batch_norm=batch_norm, slope=0.2))
    assert_equals_keras(model, images(3, *sides, 3), cancels=batch_norm)


@pytest.mark.parametrize(("block", "sides"), [(Residual.down, (3, 4)), (Residual.up, (10, 14))])
def test_sides_are_halved_and_doubled(block: Callable[..., Any], sides: tuple[int, int]) -> None:
    assert network(block, (5, 7, 2), 6).output_shape == (None, *sides, 6)


def test_a_block_whose_convolutions_are_nothing_is_its_skip() -> None:
    x = np.array([1, 2, 3, 6], np.float32).reshape(1, 2, 2, 1)
    down = zeroed(network(Residual.down, (2, 2, 1), 1), "block_b")
    assert np.asarray(down(x)).ravel().tolist() == [3]
    up = zeroed(network(Residual.up, (2, 2, 1), 1), "block_b")
    assert np.asarray(up(x))[0, :, :, 0].tolist() == [[1, 1, 2, 2]] * 2 + [[3, 3, 6, 6]] * 2


def test_the_mean_at_an_odd_end_is_of_the_pixels_that_there_are() -> None:
    x = np.array([1, 2, 4], np.float32).reshape(1, 1, 3, 1)
    down = zeroed(network(Residual.down, (1, 3, 1), 1), "block_b")
    assert np.asarray(down(x)).ravel().tolist() == [1.5, 4]


@pytest.mark.parametrize("block", BLOCKS)
def test_no_pixel_of_a_plain_area_is_unlike_its_neighbours(block: Callable[..., Any]) -> None:
    """As those of strided convolutions are: the checkerboards."""
    model = randomised(network(block, (12, 12, 2), 3))
    inside = np.asarray(model(np.ones((1, 12, 12, 2), np.float32)))[0, 2:-2, 2:-2]
    np.testing.assert_allclose(inside, np.broadcast_to(inside[0, 0], inside.shape), rtol=1e-5)


@pytest.mark.parametrize(
    ("changes", "kinds"),
    [
        ({}, {layers.BatchNormalization, layers.ReLU}),
        ({"batch_norm": False}, {layers.ReLU}),
        ({"batch_norm": False, "slope": 0.2}, {layers.LeakyReLU}),
    ],
)
def test_normalisation_and_activation_are_as_asked(changes: dict[str, Any], kinds: set[type]) -> None:
    used = {type(layer) for layer in network(Residual.down, (4, 4, 2), 2, **changes).layers}
    assert used - {layers.InputLayer, layers.Conv2D, layers.AveragePooling2D, layers.Add} == kinds


def test_seeds_decide_the_weights_and_differ_between_layers() -> None:
    first, same, other = (
        network(Residual.down, (4, 4, 2), 2, initial=initial(seed)).get_weights() for seed in (1, 1, 7)
    )
    assert all(map(np.array_equal, first, same))
    assert not all(map(np.array_equal, first, other))
    one, two = [weight for weight in first if weight.ndim == 4]
    assert not np.array_equal(one, two)


@pytest.mark.parametrize("block", BLOCKS)
def test_a_file_gives_the_same_network_back(block: Callable[..., Any], tmp_path: Any) -> None:
    model, x = randomised(network(block, (4, 4, 2), 3)), images(2, 4, 4, 2)
    model.save(tmp_path / "network.keras")
    again = keras.saving.load_model(tmp_path / "network.keras")
    np.testing.assert_array_equal(np.asarray(again(x)), np.asarray(model(x)))
