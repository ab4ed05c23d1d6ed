"""Train, understand and compare generative models of images."""

import os

# Read by the libraries when they are imported, so they must be set before; a user's own values win.
os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
# TensorFlow raises what matters as an exception; its log is about GPUs that most machines lack.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
