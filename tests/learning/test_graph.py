"""Networks that are no chains, as training computes them, against plain Keras."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

from latentlab.learning import layers as fast
from latentlab.learning.conditioning import tell
from latentlab.learning.graph import before_activation, forward
from tests.plain_keras import assert_equals_keras, images, plain, randomised

pytestmark = pytest.mark.usefixtures("every_width_is_fast")

Symbol = Any
CHANNELS = 3
SHAPE = (4, 6, CHANNELS)
FAST = ("upsample_conv2d", "conv2d_to_one_channel", "_normalise")


@pytest.fixture
def counts(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often each of the fast ways is gone from now on."""
    taken: Counter[str] = Counter()

    def counting(name: str) -> Callable[..., Any]:
        way = getattr(fast, name)

        def count(*args: Any, **kwargs: Any) -> Any:
            taken[name] += 1
            return way(*args, **kwargs)

        return count

    for name in FAST:
        monkeypatch.setattr(fast, name, counting(name))
    return taken


def conv(x: Symbol, filters: int = CHANNELS, size: int = 3) -> Symbol:
    return layers.Conv2D(filters, size, padding="same")(x)


def normalised(x: Symbol) -> Symbol:
    """Activated before, as normalising takes a convolution's bias off again, which has no gradient then."""
    return layers.BatchNormalization(momentum=0.9)(layers.LeakyReLU(0.2)(x))


def doubled(x: Symbol) -> Symbol:
    return layers.UpSampling2D()(x)


def added_by_operation(x: Symbol) -> Symbol:
    return x + conv(normalised(x))


def added_by_layer(x: Symbol) -> Symbol:
    return layers.Add()([x, conv(normalised(x))])


def concatenated(x: Symbol) -> Symbol:
    return conv(layers.Concatenate()([x, conv(normalised(x))]), 1, 7)


def operations(x: Symbol) -> Symbol:
    halves = keras.ops.split(x, 3, axis=-1)
    scaled = keras.ops.concatenate([halves[1] ** 2, 0.1 * halves[0]], axis=-1)
    return keras.ops.mean(scaled, axis=(1, 2)) - keras.ops.max(x[:, 0], axis=1)[:, :2]


def doubled_in_a_branch(x: Symbol) -> Symbol:
    """As in a generator of residual blocks; each doubling is fused, and what is cut is joined to be added."""
    skip = conv(doubled(x), 4)
    inner = normalised(conv(doubled(normalised(x)), 4, 4))
    return conv(normalised(skip + conv(inner, 4)), 1, 7)


def doubled_and_read_twice(x: Symbol) -> Symbol:
    once = doubled(normalised(x))
    return conv(normalised(once)) + conv(once)


def doubled_and_given_out(x: Symbol) -> list[Symbol]:
    once = doubled(x)
    return [conv(once), once]


def convolved_and_read_twice(x: Symbol) -> Symbol:
    """The doubling is fused with the convolution, and the activation of what others read too is not."""
    once = conv(doubled(x), 4)
    return normalised(layers.ReLU()(once)) + once


def read_twice_by_one(x: Symbol) -> Symbol:
    once = conv(doubled(x), 4)
    return once * once


def several_outputs(x: Symbol) -> list[Symbol]:
    hidden = normalised(conv(x))
    return [layers.Dense(2)(layers.Flatten()(hidden)), conv(hidden, 1), hidden]


def shared_layers(x: Symbol) -> Symbol:
    """Both branches change the same averages and draw from one random state, in an order."""
    norm, shared = layers.BatchNormalization(momentum=0.5), layers.Conv2D(CHANNELS, 3, padding="same")
    drop = layers.Dropout(0.3, seed=1)
    first = drop(norm(layers.ReLU()(shared(layers.ReLU()(x)))))
    return first - layers.LeakyReLU()(drop(shared(norm(shared(drop(x))))))


def inner_models(x: Symbol) -> Symbol:
    """A residual block within a Sequential within a model of two inputs and outputs, called twice."""
    at = layers.Input(SHAPE)
    block = keras.Sequential([layers.Input(SHAPE), keras.Model(at, added_by_layer(at)), layers.ReLU()])
    left, right = layers.Input(SHAPE), layers.Input(SHAPE)
    pair = keras.Model([left, right], [block(left) - right, conv(doubled(right), 2, 4)])
    first, second = pair([x, layers.ReLU()(x)])
    last, _ = pair([normalised(first), x])
    return layers.Flatten()(last)[:, :3] + layers.Flatten()(second)[:, 2:5]


def inputs_by_name(x: Symbol) -> Symbol:
    """The inner model takes its inputs by name, in whatever order."""
    left, right = layers.Input(SHAPE, name="a"), layers.Input(SHAPE, name="b")
    return keras.Model([right, left], normalised(left) - 2 * right)({"a": x, "b": conv(x)})


def told_as_it_was_built(x: Symbol) -> Symbol:
    return layers.BatchNormalization()(layers.Dropout(0.5, seed=1)(x, training=False), training=True)


def attention(x: Symbol) -> Symbol:
    rows = layers.Reshape((4, 6 * CHANNELS))(x)
    return layers.MultiHeadAttention(2, 3, dropout=0.2, seed=1)(query=rows, value=layers.ReLU()(rows))


def dropped(x: Symbol) -> Symbol:
    return layers.GaussianNoise(0.1, seed=2)(x) + layers.Dropout(0.4, seed=1)(conv(normalised(x)))


def frozen(x: Symbol) -> Symbol:
    inner = layers.Input(SHAPE)
    model = keras.Model(inner, conv(normalised(inner)))
    model.trainable = False
    return x + conv(model(x))


@pytest.mark.parametrize(
    ("network", "expected"),
    [
        (added_by_operation, (0, 0, 1)),
        (added_by_layer, (0, 0, 1)),
        (concatenated, (0, 1, 1)),
        (operations, (0, 0, 0)),
        (doubled_in_a_branch, (2, 1, 3)),
        (doubled_and_read_twice, (0, 0, 2)),
        (doubled_and_given_out, (0, 0, 0)),
        (convolved_and_read_twice, (1, 0, 1)),
        (read_twice_by_one, (1, 0, 0)),
        (several_outputs, (0, 1, 1)),
        (shared_layers, (0, 0, 2)),
        (inner_models, (2, 0, 3)),
        (inputs_by_name, (0, 0, 0)),
        (told_as_it_was_built, (0, 0, 0)),
        (attention, (0, 0, 0)),
        (dropped, (0, 0, 1)),
        (frozen, (0, 0, 0)),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_a_graph_equals_keras_with_the_fast_ways_where_they_fit(
    network: Callable[[Symbol], Any], expected: tuple[int, int, int], counts: Counter[str]
) -> None:
    """Outputs, all gradients, moving averages and random states; expected: doublings, one-channel, norms."""
    x = layers.Input(SHAPE)
    assert_equals_keras(randomised(keras.Model(x, network(x))), images(3, *SHAPE))
    assert tuple(counts[name] for name in FAST) == expected


def test_a_graph_of_several_inputs_equals_keras(counts: Counter[str]) -> None:
    left, right = layers.Input(SHAPE), layers.Input((2, 3, 5))
    joined = conv(normalised(left)) + conv(doubled(right))
    model = randomised(keras.Model([left, right], [conv(joined, 1), keras.ops.mean(right, axis=1)]))
    assert_equals_keras(model, images(3, *SHAPE), images(3, 2, 3, 5, seed=2))
    assert tuple(counts[name] for name in FAST) == (1, 1, 1)


@pytest.mark.parametrize("sides", [(), (4, 6)])
def test_a_network_that_is_told_the_class_equals_keras(sides: tuple[int, ...]) -> None:
    width = CHANNELS + 2
    x = layers.Input((*sides, width), name="x")
    inner = added_by_operation(conv(x)) if sides else x + layers.Dense(width)(x)
    told = randomised(tell(keras.Model(x, [inner, layers.Flatten()(inner)], name="told"), 2))
    assert_equals_keras(told, images(3, *sides, CHANNELS), np.eye(2, dtype=np.float32)[[0, 1, 1]])


def test_in_use_nothing_is_dropped_and_no_average_moves() -> None:
    x = layers.Input(SHAPE)
    model = randomised(keras.Model(x, dropped(x)))
    before = model.get_weights()
    shown = images(3, *SHAPE)
    np.testing.assert_allclose(forward(model, shown, training=False), model(shown), atol=1e-5)
    for value, old in zip(model.get_weights(), before, strict=True):
        np.testing.assert_array_equal(value, old)


def test_batches_whose_size_is_unknown_beforehand_are_left_to_keras(counts: Counter[str]) -> None:
    x = layers.Input(SHAPE)
    model = randomised(keras.Model(x, doubled_in_a_branch(x)))
    unknown = tf.function(lambda x: forward(model, x, training=True)).get_concrete_function(
        tf.TensorSpec((None, *SHAPE))
    )
    shown = images(3, *SHAPE)
    np.testing.assert_allclose(unknown(tf.constant(shown)), plain(model, shown, training=True), atol=1e-5)
    assert not counts


class Doubled(keras.Model):
    """A model that may compute anything."""

    def call(self, inputs: tf.Tensor) -> tf.Tensor:
        return 2 * inputs


class MoreThanItsGraph(keras.Model):
    """A model of inputs and outputs that computes something else."""

    def call(self, inputs: tf.Tensor, training: bool | None = None, mask: Any = None) -> tf.Tensor:
        return 2 * super().call(inputs, training=training)


@pytest.mark.parametrize(
    "build",
    [Doubled, lambda: keras.Sequential([layers.ReLU()]), lambda: MoreThanItsGraph(*[layers.Input(())] * 2)],
)
def test_a_model_without_a_graph_is_refused(build: Callable[[], keras.Model]) -> None:
    with pytest.raises(ValueError, match="expected a model of inputs and outputs or a built Sequential, got"):
        forward(build(), images(2, 3), training=True)


def test_within_a_network_such_models_are_called_as_they_are() -> None:
    x = inner = layers.Input((3,))
    doubled = MoreThanItsGraph(inner, layers.Dense(3)(inner))
    assert_equals_keras(randomised(keras.Model(x, Doubled()(x) + doubled(x))), images(2, 3))


@pytest.mark.parametrize(
    "shapes", [[(2, 3)], [(2, 3), (2, 4), (2, 4)], [(2, 4), (2, 3)], [(2, 3, 1), (2, 4)]]
)
def test_inputs_of_other_shapes_are_refused(shapes: list[tuple[int, ...]]) -> None:
    first, second = layers.Input((3,)), layers.Input((4,))
    model = keras.Model([first, second], layers.Concatenate()([first, second]), name="two")
    with pytest.raises(ValueError, match=r"two: expected an input of each of the shapes .*3\), .*4\)\], got"):
        forward(model, *(images(*shape) for shape in shapes), training=True)


class Sparse(layers.Layer):
    """Adds a loss of its own."""

    def call(self, inputs: tf.Tensor) -> tf.Tensor:
        self.add_loss(tf.reduce_sum(tf.abs(inputs)))
        return inputs


@pytest.mark.parametrize(
    "layer",
    [
        layers.Conv2D(1, 3, padding="same", kernel_regularizer="l2"),
        layers.Conv2D(1, 3, padding="same", activity_regularizer="l2"),
        Sparse(),
    ],
)
def test_losses_that_no_step_would_minimise_are_refused(layer: layers.Layer) -> None:
    model = keras.Sequential([layers.Input(SHAPE), keras.Sequential([layers.Input(SHAPE), layer])])
    with pytest.raises(
        ValueError, match="expected no losses but the learner's, got regularisers or `add_loss`"
    ):
        forward(model, images(2, *SHAPE), training=True)


def test_a_function_that_would_not_know_that_it_is_trained_is_refused() -> None:
    x = inner = layers.Input(SHAPE)
    model = keras.Model(x, keras.Function(inner, normalised(inner))(x))
    with pytest.raises(ValueError, match=r"expected layers, operations and models, got a keras\.Function"):
        forward(model, images(2, *SHAPE), training=True)


@pytest.mark.parametrize("num_classes", [0, 2])
@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "linear"])
def test_logits_are_what_the_last_activation_takes(activation: str, num_classes: int) -> None:
    """Also of a network within another, and of the very same weights."""
    x = layers.Input((3 + num_classes,), name="x")
    output = layers.Activation(activation)(x + layers.Dense(3 + num_classes)(x))
    model = randomised(tell(keras.Model(x, output, name="net"), num_classes))
    inputs = [images(4, 3), np.eye(2, dtype=np.float32)[[0, 1, 1, 0]]][: len(model.inputs)]
    logits = before_activation(model, activation)
    by_keras = plain(logits, *inputs, training=False)
    np.testing.assert_allclose(
        keras.activations.get(activation)(by_keras), plain(model, *inputs, training=False)
    )
    assert {id(weight) for weight in logits.weights} == {id(weight) for weight in model.weights}
    assert np.abs(by_keras).max() > 1 or activation == "linear"


@pytest.mark.parametrize(
    ("outputs", "got"),
    [
        (lambda x: layers.Activation("tanh", name="end")(x), "Activation 'end'"),
        (lambda x: layers.Dense(1, activation="sigmoid", name="end")(x), "Dense 'end'"),
        (lambda x: keras.ops.sigmoid(x), "Sigmoid"),
        (lambda x: [layers.Activation("sigmoid", name="end")(x)] * 2, "Activation 'end'"),
    ],
)
def test_logits_of_what_ends_otherwise_are_refused(outputs: Callable[[Symbol], Any], got: str) -> None:
    x = layers.Input((3,))
    model = keras.Model(x, outputs(x), name="net")
    with pytest.raises(ValueError, match=rf"net: expected one output, .*Activation\('sigmoid'\), got {got}"):
        before_activation(model, "sigmoid")
