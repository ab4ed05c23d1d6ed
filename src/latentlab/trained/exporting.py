"""Trained models in the formats of other runtimes, ONNX and LiteRT (TFLite), by Keras' own export."""

import importlib.util
import warnings
from pathlib import Path
from typing import Any, Literal

import keras
import numpy as np
import numpy.typing as npt

from latentlab.core import artifacts
from latentlab.core.errors import ExportError
from latentlab.learning.conditioning import chain_of
from latentlab.learning.tensors import Tensor
from latentlab.trained import runtimes

Format = Literal["onnx", "litert"]
SUFFIXES: dict[Format, str] = {"onnx": ".onnx", "litert": ".tflite"}
# Of the extra `export`: what Keras converts with, where that is not TensorFlow itself, and the runtime.
PACKAGES: dict[Format, list[str]] = {"onnx": ["tf2onnx", "onnxruntime"], "litert": ["ai_edge_litert"]}
# Of the random inputs on which both are compared.
NUM_EXAMPLES, SEED = 16, 1
TOLERANCE = 1e-5


class ShapedUpSampling2D(keras.layers.UpSampling2D):
    """Keras' layer with its output's height and width told, which TensorFlow loses sight of in any batch.

    LiteRT has no convolution of its own for images of unknown size.
    """

    def call(self, x: Tensor) -> Tensor:
        """Upsample x, (batch, height, width, channels)."""
        return keras.ops.reshape(super().call(x), (-1, *self.compute_output_shape(x.shape)[1:]))


def export(path: Path, model: keras.Model, file_format: Format) -> None:
    """Write a model that is run without Keras and this library, on batches of any size.

    Inputs and outputs have the names of the network's: ``image`` float32 (n, height, width, channels) in
    [0, 1], ``z``, ``z_mean`` and ``z_log_var`` (n, latent_dim), ``y`` (n, num_classes) one-hot.

    Raises:
        ExportError: a package is missing.
        ArtifactError: the file cannot be written.
    """
    if missing := [name for name in PACKAGES[file_format] if not importlib.util.find_spec(name)]:
        raise ExportError(
            f"{file_format}: expected the packages of the extra `export`, got none of the name {missing[0]}. "
            "Run `pip install -e '.[export]'`."
        )
    portable = _portable(model)
    with artifacts.replacing(path) as temporary, warnings.catch_warnings():
        # Keras asks NumPy for a name that NumPy has had no more since 1.24.
        warnings.filterwarnings("ignore", "In the future `np.object`", FutureWarning)
        portable.export(temporary, format=file_format, input_signature=[portable.input], verbose=False)


def verify(path: Path, model: keras.Model) -> float:
    """The largest difference between Keras' outputs and those of a file's own runtime, on random inputs.

    As a share of the largest output where that is above 1, as float32 is no finer.

    Raises:
        ExportError: it is larger than 1e-5.
    """
    inputs = _draw_inputs(model)
    found = runtimes.load(path)(inputs)
    arrays = list(inputs.values())
    expected = keras.tree.flatten(model(arrays if len(arrays) > 1 else arrays[0], training=False))
    pairs = zip(_output_names(model), map(keras.ops.convert_to_numpy, expected), strict=True)
    difference = max(_difference(found[name], output) for name, output in pairs)
    if not difference <= TOLERANCE:
        raise ExportError(
            f"{path}: expected outputs within {TOLERANCE} of Keras', got a difference of {difference}. Do "
            "not use this file; the other format may do better."
        )
    return difference


def _difference(found: npt.NDArray[np.float32], expected: npt.NDArray[np.float32]) -> float:
    return float(np.abs(found - expected).max() / max(1, np.abs(expected).max()))


def _portable(model: keras.Model) -> keras.Model:
    """The same model of layers that the converters understand, with its outputs by name."""
    copy = keras.models.clone_model(model, clone_function=_copy_layer, recursive=True)
    copy.set_weights(model.get_weights())
    return keras.Model(copy.inputs, dict(zip(_output_names(model), copy.outputs, strict=True)))


def _copy_layer(layer: keras.layers.Layer) -> keras.layers.Layer:
    kind = ShapedUpSampling2D if isinstance(layer, keras.layers.UpSampling2D) else type(layer)
    return kind.from_config(layer.get_config())


def _output_names(model: keras.Model) -> list[str]:
    chain = chain_of(model)
    # A sequential model has one output and no name for it but that of its last layer.
    return list(getattr(chain, "output_names", [chain.layers[-1].name]))


def _draw_inputs(model: keras.Model) -> dict[str, npt.NDArray[np.float32]]:
    random = np.random.default_rng(SEED)

    def draw(name: str, shape: tuple[int, ...]) -> npt.NDArray[Any]:
        if name == "y":
            return np.eye(shape[0])[random.integers(shape[0], size=NUM_EXAMPLES)]
        return (random.random if name == "image" else random.standard_normal)((NUM_EXAMPLES, *shape))

    shapes = {tensor.name: tensor.shape[1:] for tensor in model.inputs}
    return {name: draw(name, shape).astype(np.float32) for name, shape in shapes.items()}
