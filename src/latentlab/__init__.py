"""Train, understand and compare generative models of images."""

import importlib
import os
import platform
import sys
from pathlib import Path

# The public interface; docs/python.md tells of it.
__all__ = [
    "Generated",
    "LatentlabError",
    "Model",
    "Posterior",
    "Prepared",
    "models",
    "open_model",
    "prepared",
    "score",
    "scores",
]

# All of it is read by the libraries when they are imported, so it must be set before.
if "keras" not in sys.modules:
    # A user's own, in ~/.keras/keras.json or the environment, would make other models or none.
    os.environ["KERAS_BACKEND"] = "tensorflow"
    os.environ["KERAS_HOME"] = str(Path(__file__).parent / "core" / "keras")
elif sys.modules["keras"].config.backend() != "tensorflow":
    raise ImportError(
        "latentlab: expected Keras with TensorFlow, got Keras that was imported with "
        f"{sys.modules['keras'].config.backend()} before. Import latentlab first, in a fresh process."
    )
# Here a user's own values win.
os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
# TensorFlow raises what matters as an exception; its log is about GPUs that most machines lack.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
# Left to itself, TensorFlow has oneDNN off on processors without instructions for neural networks, whose
# training it makes quicker just as well.
if platform.machine() in ("x86_64", "AMD64"):
    os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")


def __getattr__(name: str) -> object:
    """What the public interface has, loaded when it is first asked for: no stage waits for it."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(".interface.public", __name__), name)


def __dir__() -> list[str]:
    return [*globals(), *__all__]
