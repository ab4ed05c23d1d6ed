"""The lecture's blocks: a halving or doubling, and two convolutions that are activated, then normalised."""

from collections.abc import Sequence

from keras import layers

from latentlab.learning.layers import crops
from latentlab.learning.residual import Initial
from latentlab.learning.tensors import Tensor


def inwards(x: Tensor, filters: Sequence[int], initial: Initial) -> Tensor:
    """A block and a halving for each number of channels, from an image or what is joined to it."""
    # Halved to the smaller half, an odd side would lose its last pixels.
    padding = "same" if crops(x.shape[1:], 2 ** len(filters)) else "valid"
    for block, num_filters in enumerate(filters, start=1):
        x = _conv_block(x, f"block_{block}", num_filters, initial)
        x = layers.MaxPooling2D(padding=padding, name=f"block_{block}_pool")(x)
    return x


def outwards(x: Tensor, filters: Sequence[int], initial: Initial) -> Tensor:
    """A doubling and a block for each number of channels, from the innermost maps."""
    x = layers.ReLU(name="expand_relu")(x)
    for block, num_filters in enumerate(filters, start=1):
        x = layers.UpSampling2D(name=f"block_{block}_up")(x)
        x = _conv_block(x, f"block_{block}", num_filters, initial)
    return x


def _conv_block(x: Tensor, name: str, num_filters: int, initial: Initial) -> Tensor:
    for conv in ("a", "b"):
        convolution = layers.Conv2D(
            num_filters, 3, padding="same", kernel_initializer=next(initial), name=f"{name}_{conv}"
        )
        x = layers.ReLU(name=f"{name}_{conv}_relu")(convolution(x))
        x = layers.BatchNormalization(name=f"{name}_{conv}_norm")(x)
    return x
