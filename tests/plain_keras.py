"""Networks of random weights, and what plain Keras makes of them, for the tests of all that is faster."""

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import numpy.typing as npt
import tensorflow as tf
from keras import layers

from latentlab.learning.graph import forward

Array = npt.NDArray[np.float32]
TOLERANCE = 1e-5


def images(*shape: int, seed: int = 0) -> Array:
    """Normally distributed pixels."""
    return np.random.default_rng(seed).standard_normal(shape, dtype=np.float32)


def randomised(model: keras.Model) -> keras.Model:
    """A model with all its weights moved a little, for zeros and ones hide what is left out."""
    rng = np.random.default_rng(1)
    for weight in model.weights:
        weight.assign(weight + np.abs(rng.normal(size=weight.shape)) / 9)
    return model


def chain(x: Array, *chained: layers.Layer) -> keras.Sequential:
    """Layers one after the other, for inputs such as x."""
    return randomised(keras.Sequential([layers.Input(x.shape[1:]), *chained]))


def plain(model: keras.Model, *inputs: Any, training: bool) -> Any:
    """What Keras makes of what ``forward`` takes."""
    return model(inputs[0] if len(inputs) == 1 else list(inputs), training=training)


def results(call: Callable[..., Any], model: keras.Model, *inputs: Array) -> list[Array]:
    """What a step sees and changes, after which the model is what it was before.

    Outputs, then the gradients of a random weighing of them by every input and weight, then all variables,
    moving averages and random states among them.
    """
    before = [variable.numpy() for variable in model.variables]
    sources = [tf.constant(x) for x in inputs]
    with tf.GradientTape() as tape:
        tape.watch(sources)
        outputs = keras.tree.flatten(call(model, *sources, training=True))
        weighed = sum(tf.reduce_sum(output * images(*output.shape, seed=9)) for output in outputs)
    by = [*sources, *(weight.value for weight in model.trainable_variables)]
    gradients = tape.gradient(weighed, by, unconnected_gradients="zero")
    arrays = [np.array(array) for array in (*outputs, *gradients, *model.variables)]
    for variable, value in zip(model.variables, before, strict=True):
        variable.assign(value)
    return arrays


def assert_equals_keras(model: keras.Model, *inputs: Array, cancels: bool = False) -> None:
    """Outputs, every gradient and every state agree to 1e-5 of the largest entry.

    Where gradients cancel to nothing, as those of biases do that normalisation takes off again, they have no
    scale of their own: the largest entry of all counts.
    """
    ours, theirs = (results(call, model, *inputs) for call in (forward, plain))
    largest = max(np.abs(other).max() for other in theirs)
    for mine, other in zip(ours, theirs, strict=True):
        assert mine.shape == other.shape
        scale = largest if cancels else np.abs(other).max()
        np.testing.assert_allclose(mine, other, rtol=0, atol=TOLERANCE * scale)
