"""Residual blocks in place of the lecture's, for images with more to learn in than digits."""

from collections.abc import Sequence

from latentlab.learning.residual import Initial, Residual
from latentlab.learning.tensors import Tensor


def inwards(x: Tensor, filters: Sequence[int], initial: Initial) -> Tensor:
    """A convolution, for blocks begin with activations, and a halving block for each number of channels."""
    blocks = Residual(initial)
    x = blocks.convolve(x, filters[0], "first")
    for block, num_filters in enumerate(filters, start=1):
        x = blocks.down(x, num_filters, f"block_{block}")
    return blocks.activate(x, "last")


def outwards(x: Tensor, filters: Sequence[int], initial: Initial) -> Tensor:
    """A doubling block for each number of channels, from the innermost maps."""
    blocks = Residual(initial)
    for block, num_filters in enumerate(filters, start=1):
        x = blocks.up(x, num_filters, f"block_{block}")
    return blocks.activate(x, "last")
