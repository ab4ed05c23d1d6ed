"""What TensorFlow's arrays are called in annotations."""

from typing import Any

# TensorFlow ships no types that a checker could follow.
Tensor = Any
