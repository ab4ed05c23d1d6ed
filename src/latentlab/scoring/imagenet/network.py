"""EfficientNet-Lite0, a network that tells photographs of a thousand classes apart.

It is EfficientNet-B0 (Tan and Le 2019, table 1) without squeeze and excitation and with ReLU6 (Liu 2020), up
to the average over the last convolution's pixels. Layers are named as in the PyTorch port of those weights,
without the first underscore. Each convolution is followed by batch normalisation, which in a network that is
no longer trained is part of the convolution's kernel and bias.
"""

from typing import Any, NamedTuple

import keras
from keras import layers

from latentlab.learning.tensors import Tensor

NUM_FEATURES = 1280


class Stage(NamedTuple):
    """Some blocks of one kind in a row, of which the first may halve the sides."""

    num_blocks: int
    kernel_size: int
    strides: int
    expansion: int
    channels: int


STAGES = (
    Stage(1, 3, 1, 1, 16),
    Stage(2, 3, 2, 6, 24),
    Stage(2, 5, 2, 6, 40),
    Stage(3, 3, 2, 6, 80),
    Stage(3, 5, 1, 6, 112),
    Stage(4, 5, 2, 6, 192),
    Stage(1, 3, 1, 6, 320),
)


def build() -> keras.Model:
    """The network without its weights: images float32 (n, height, width, 3) to features (n, 1280).

    Pixels are (p - 127) / 128 of p from 0 to 255; sides are of any length.
    """
    image = layers.Input((None, None, 3))
    x = _convolution(_padded(image, 3), 32, 3, "conv_stem", strides=2, activation="relu6")
    number = 0
    for stage in STAGES:
        for strides in (stage.strides, *[1] * (stage.num_blocks - 1)):
            x = _block(x, f"blocks.{number}", stage._replace(strides=strides))
            number += 1
    x = _convolution(x, NUM_FEATURES, 1, "conv_head", activation="relu6")
    return keras.Model(image, layers.GlobalAveragePooling2D()(x))


def _block(x: Tensor, name: str, stage: Stage) -> Tensor:
    """An inverted residual (Sandler et al. 2018, figure 3b): more channels, a filter in each, fewer again."""
    channels, y = x.shape[-1], x
    if stage.expansion > 1:
        y = _convolution(y, stage.expansion * channels, 1, f"{name}._expand_conv", activation="relu6")
    y = layers.DepthwiseConv2D(
        stage.kernel_size,
        stage.strides,
        "same" if stage.strides == 1 else "valid",
        activation="relu6",
        depthwise_initializer="zeros",
        name=f"{name}._depthwise_conv",
    )(y if stage.strides == 1 else _padded(y, stage.kernel_size))
    y = _convolution(y, stage.channels, 1, f"{name}._project_conv")
    return layers.Add()([x, y]) if stage.strides == 1 and stage.channels == channels else y


def _convolution(x: Tensor, channels: int, kernel_size: int, name: str, **options: Any) -> Tensor:
    return layers.Conv2D(channels, kernel_size, kernel_initializer="zeros", name=name, **options)(x)


def _padded(x: Tensor, kernel_size: int) -> Tensor:
    """With zeros around it, for a convolution that halves the sides.

    The port pads whatever it sees as it does even sides, which it takes from images of side 224. Keras would
    pad odd ones in another way, which are met where an image's side is no multiple of 32.
    """
    around = (kernel_size // 2 - 1, kernel_size // 2)
    return layers.ZeroPadding2D((around, around))(x)
