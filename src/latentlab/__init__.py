"""Train, understand and compare generative models of images."""

import os
import platform

# Read by the libraries when they are imported, so they must be set before; a user's own values win.
os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
# TensorFlow raises what matters as an exception; its log is about GPUs that most machines lack.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
# Left to itself, TensorFlow has oneDNN off on processors without instructions for neural networks, whose
# training it makes quicker just as well.
if platform.machine() in ("x86_64", "AMD64"):
    os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")
