"""Exported models in the runtimes of their formats, without Keras and TensorFlow: arrays in, arrays out."""

from collections.abc import Callable, Mapping
from pathlib import Path

import numpy.typing as npt
from numpy import float32

Array = npt.NDArray[float32]
Run = Callable[[Mapping[str, Array]], dict[str, Array]]


def load(path: Path) -> Run:
    """A function of a model's inputs by name, float32 (n, ...), that gives its outputs by name.

    Args:
        path: ends in ``.onnx`` or ``.tflite``.
    """
    return {".onnx": _load_onnx, ".tflite": _load_litert}[path.suffix](path)


def _load_onnx(path: Path) -> Run:
    import onnxruntime

    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    names = [output.name for output in session.get_outputs()]
    return lambda inputs: dict(zip(names, session.run(names, dict(inputs)), strict=True))


def _load_litert(path: Path) -> Run:
    from ai_edge_litert.interpreter import Interpreter

    run = Interpreter(str(path)).get_signature_runner()
    return lambda inputs: run(**inputs)
