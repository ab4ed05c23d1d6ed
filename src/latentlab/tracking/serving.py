"""How MLflow loads a trained model and asks it for predictions."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

Tensor = npt.NDArray[np.float32]
Shapes = Mapping[str, tuple[int, ...]]

# At once, so that no request takes all of a server's time: an image of 28 x 28 is 16 kB of an answer's JSON.
MOST_EXAMPLES = 256


class Predictor:
    """A Keras model with MLflow's interface, for many threads at once."""

    def __init__(self, model: Any) -> None:
        """Serve a Keras model, of one input or of several by name, all float32."""
        self._model = model
        self._shapes = {tensor.name: tuple(tensor.shape[1:]) for tensor in model.inputs}
        self._run = _compiled(model, self._shapes)

    def predict(self, examples: Tensor | dict[str, Tensor]) -> Tensor | dict[str, Tensor]:
        """What the model makes of examples, float32 (n, ...), n at most 256: one array, or several by name.

        Inputs too are an array, or several by name, such as z and y of a decoder that is told the class.

        Raises:
            MlflowException: the examples do not fit; a server answers with its text and status 400.
        """
        outputs = self._run(*_fitting(examples, self._shapes))
        if isinstance(outputs, list | tuple):
            arrays = (output.numpy() for output in outputs)
            return dict(zip(self._model.output_names, arrays, strict=True))
        return outputs.numpy()


def _load_pyfunc(path: str | Path) -> Predictor:
    """Load a ``.keras`` file; MLflow calls this by name.

    In Keras's safe mode, in which a file from elsewhere runs no code of its own.
    """
    import keras

    return Predictor(keras.saving.load_model(path, compile=False, safe_mode=True))


def _compiled(model: Any, shapes: Shapes) -> Callable[..., Any]:
    """The model as one graph for any number of examples, traced now.

    Keras' ``predict`` is not made for threads, and on a few images it takes longer to start than to compute.
    """
    import tensorflow as tf

    def run(*inputs: Any) -> Any:
        # A model of one input takes no list.
        return model(list(inputs) if len(inputs) > 1 else inputs[0], training=False)

    graph = tf.function(run, [tf.TensorSpec((None, *shape), tf.float32) for shape in shapes.values()])
    graph.get_concrete_function()
    return graph


def _fitting(examples: Tensor | dict[str, Tensor], shapes: Shapes) -> list[Tensor]:
    """The inputs of a model in its order, if they are what it takes."""
    named = examples if isinstance(examples, dict) else dict(zip(shapes, [examples], strict=False))
    if set(named) != set(shapes):
        raise _refusal(f"expected the inputs {', '.join(shapes)} by name, got {', '.join(named)}")
    arrays = [_checked(name, np.asarray(named[name], np.float32), shape) for name, shape in shapes.items()]
    counts = [len(array) for array in arrays]
    if len(set(counts)) > 1:
        raise _refusal(f"expected as many of each of {', '.join(shapes)}, got {counts}")
    return arrays


def _checked(name: str, array: Tensor, shape: tuple[int, ...]) -> Tensor:
    """An input as it came, if it is one."""
    if array.ndim != len(shape) + 1 or array.shape[1:] != shape:
        raise _refusal(f"expected {name} of shape {(-1, *shape)}, got {array.shape}")
    if not 1 <= len(array) <= MOST_EXAMPLES:
        raise _refusal(f"expected 1 to {MOST_EXAMPLES} examples at once, got {len(array)}")
    if not np.isfinite(array).all():
        raise _refusal(f"expected finite numbers in {name}, got NaN, null, infinity or one beyond float32")
    return array


def _refusal(reason: str) -> Exception:
    from mlflow.exceptions import MlflowException

    return MlflowException.invalid_parameter_value(reason)
