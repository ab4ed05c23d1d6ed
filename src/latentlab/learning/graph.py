"""Networks in training: any graph of Keras layers and operations, each computed in the fastest way known."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Any

import keras
import tensorflow as tf

from latentlab.learning import devices
from latentlab.learning import layers as fast
from latentlab.learning.doubling import Images
from latentlab.learning.precision import rounding
from latentlab.learning.tensors import Tensor

# One call of a layer or an operation; Keras' own type has no public name.
Call = Any


def forward(model: keras.Model, *inputs: Tensor, training: bool) -> Any:
    """Compute a network call by call, in Keras' order, with the fast ways of ``layers`` wherever they fit.

    Args:
        model: a built ``Sequential``, or a model of inputs and outputs, such as may lie in others.
        inputs: float32 (batch, ...), one for each of the model's and in their order.
        training: whether dropout is on and batch normalisation uses and updates batch statistics.

    Returns:
        What ``model(inputs, training=training)`` gives, up to rounding, which in training is that of the
        chosen ``precision``: the output, or a list of several.

    Raises:
        ValueError: the network cannot be computed so that it equals Keras', or adds losses of its own.
    """
    graph, done = Graph(model), set()
    known = dict(zip(model.inputs, map(Images, _as_expected(model, inputs)), strict=True))
    with rounding(graph.inner_layers if training else ()):
        for call in graph.calls:
            if call not in done:
                calls, outputs = _take(graph.run(call), known, training)
                done.update(calls)
                known.update(zip(calls[-1].outputs, outputs, strict=True))
    if model.losses:
        raise ValueError(
            f"{model.name}: expected no losses but the learner's, got regularisers or `add_loss`, which no "
            "step would minimise. Take them off the layers."
        )
    outputs = [tf.cast(known[symbol].whole(), symbol.dtype) for symbol in model.outputs]
    return outputs if len(outputs) > 1 else outputs[0]


def before_activation(model: keras.Model, activation: str) -> keras.Model:
    """The same network up to its last activation, for a loss that takes logits.

    Args:
        model: as for :func:`forward`, of one output.
        activation: which it ends in, by its name in Keras; also "linear", so that what comes before it is
            the output and is not rounded (see ``inner_layers``).

    Raises:
        ValueError: the model does not end in a layer of that activation alone.
    """
    last = Graph(model).calls[-1]
    if len(model.outputs) == 1 and _is_graph(last.operation):
        inner = before_activation(last.operation, activation)
        logits = inner(*last.arguments.args, **last.arguments.kwargs)
    elif len(model.outputs) == 1 and _is_activation(last.operation, activation):
        [logits] = last.input_tensors
    else:
        raise ValueError(
            f"{model.name}: expected one output, of a last layer Activation({activation!r}), got "
            f"{type(last.operation).__name__} {last.operation.name!r}. Put the activation into a layer of "
            "its own, and last."
        )
    inputs = model.inputs if len(model.inputs) > 1 else model.inputs[0]
    return keras.Model(inputs, logits, name=model.name)


class Graph:
    """The calls that a network consists of.

    Attributes:
        calls: in the order in which Keras makes them, so that all states are changed in that order.
    """

    def __init__(self, model: keras.Model) -> None:
        """Raises ValueError for a model that is more than its graph, or has none yet."""
        if not _is_graph(model):
            raise ValueError(
                f"{getattr(model, 'name', model)}: expected a model of inputs and outputs or a built "
                f"Sequential, got {type(model).__name__}, whose calls nobody knows beforehand. Compose it of "
                "layers and operations as keras.Model(inputs, outputs)."
            )
        by_depth = keras.Function(model.inputs, model.outputs, name=model.name)._nodes_by_depth
        calls = chain.from_iterable(by_depth[depth] for depth in sorted(by_depth, reverse=True))
        self.calls: list[Call] = [call for call in calls if not call.is_input]
        self._readers: dict[Tensor, list[Call | None]] = defaultdict(list)
        for call in self.calls:
            for symbol in call.input_tensors:
                self._readers[symbol].append(call)
        for symbol in model.outputs:
            self._readers[symbol].append(None)

    @property
    def inner_layers(self) -> list[keras.layers.Layer]:
        """Those that give no output: one may lie far from 0 where differences count, as a critic's does."""
        last = {id(call.operation) for call in self.calls if any(map(self._is_output, call.outputs))}
        layers = (call.operation for call in self.calls if isinstance(call.operation, keras.layers.Layer))
        return [layer for layer in layers if id(layer) not in last]

    def run(self, call: Call) -> list[Call]:
        """A call and those after it, each the only one that reads what the one before gives."""
        run = [call]
        while len(run[-1].outputs) == 1:
            [*others, reader] = self._readers[run[-1].outputs[0]]
            if others or reader is None:
                break
            run.append(reader)
        return run

    def _is_output(self, symbol: Tensor) -> bool:
        return None in self._readers[symbol]


def _take(run: Sequence[Call], known: dict[Tensor, Images], training: bool) -> tuple[list[Call], list[Any]]:
    """Compute the first of a run of calls, or several together: which, and the outputs of the last."""
    first = run[0]
    if _takes_one(first):
        images = known[first.input_tensors[0]]
        computed = fast.compute([call.operation for call in run], images, training)
        if computed is not None:
            return list(run[: computed.num_layers]), [computed.images]
    for symbol in first.input_tensors:
        known[symbol] = Images(known[symbol].whole())
    args, kwargs = first.arguments.fill_in(
        {id(symbol): known[symbol].pixels for symbol in first.input_tensors}
    )
    outputs = _plain(first.operation, args, kwargs, training)
    return [first], [Images(output) for output in keras.tree.flatten(outputs)]


def _plain(operation: Any, args: Sequence[Any], kwargs: Mapping[str, Any], training: bool) -> Any:
    """What an operation gives in Keras; models that lie in the network are walked through as it is."""
    if isinstance(operation, keras.Function) and not isinstance(operation, keras.Model):
        raise ValueError(
            f"{operation.name}: expected layers, operations and models, got a keras.Function, which does not "
            "tell its layers whether they are trained. Make it a keras.Model."
        )
    if _is_graph(operation) and _are_unset(kwargs) and not isinstance(args[0], dict):
        return forward(operation, *keras.tree.flatten(args), training=training)
    if isinstance(operation, keras.layers.Layer):
        if training and devices.count() > 1 and fast.counts_on_the_batch(operation):
            return fast.on_several_devices(operation, *args)
        return operation(*args, **{**kwargs, "training": training})
    return operation(*args, **kwargs)


def _as_expected(model: keras.Model, inputs: Sequence[Tensor]) -> list[Tensor]:
    expected, got = [symbol.shape for symbol in model.inputs], [tuple(x.shape) for x in inputs]
    tensors = [
        keras.ops.convert_to_tensor(x, symbol.dtype) for symbol, x in zip(model.inputs, inputs, strict=False)
    ]
    fit = [x.shape.is_compatible_with(shape) for shape, x in zip(expected, tensors, strict=False)]
    if len(got) != len(expected) or not all(fit):
        raise ValueError(
            f"{model.name}: expected an input of each of the shapes {expected}, got {got}. Pass them in the "
            "model's order."
        )
    return tensors


def _takes_one(call: Call) -> bool:
    """Whether a layer was called on one tensor, and told nothing else."""
    args, kwargs = call.arguments.args, call.arguments.kwargs
    return (
        isinstance(call.operation, keras.layers.Layer)
        and len(args) == len(call.input_tensors) == 1
        and args[0] is call.input_tensors[0]
        and _are_unset(kwargs)
    )


def _are_unset(kwargs: Mapping[str, Any]) -> bool:
    """Whether a call is told nothing more than its inputs; of masks Keras notes that there are none."""
    return all(value is None for value in keras.tree.flatten(kwargs))


def _is_graph(operation: Any) -> bool:
    """Whether it is a model that computes its graph and, as a subclass may, nothing else."""
    return (
        isinstance(operation, keras.Model)
        and type(operation).call.__module__.startswith("keras.src.models.")
        and hasattr(operation, "inputs")
    )


def _is_activation(operation: Any, activation: str) -> bool:
    is_layer = isinstance(operation, keras.layers.Activation)
    return is_layer and operation.activation is keras.activations.get(activation)
