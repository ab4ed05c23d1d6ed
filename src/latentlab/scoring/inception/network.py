"""The Inception network of 2015 whose features the classic FID is taken in (Heusel et al. 2017).

It is Inception v3 (Szegedy et al. 2015, figures 5 to 7 and 10) as Google published it in TensorFlow, up to
the node ``pool_3``; scopes are named as there. Average pooling leaves the padding out, and the last block
pools by the maximum. Each convolution is followed by batch normalisation, which in a network that is no
longer trained is part of the convolution's kernel and bias, and by a rectifier.
"""

from typing import Any

import keras

SIDE = 299
NUM_FEATURES = 2048

Size = int | tuple[int, int]
Tensor = Any


def build() -> keras.Model:
    """The network without its weights: images float32 (n, 299, 299, 3) in [-1, 1) to features (n, 2048).

    Its convolutions are named as the scopes of the published graph, with a dot for a slash.
    """
    image = keras.layers.Input((SIDE, SIDE, 3))
    x = _stem(image)
    for scope, pooled in (("mixed", 32), ("mixed_1", 64), ("mixed_2", 64)):
        x = _block_35(x, scope, pooled)
    x = _reduce_to_17(x, "mixed_3")
    for scope, inner in (("mixed_4", 128), ("mixed_5", 160), ("mixed_6", 160), ("mixed_7", 192)):
        x = _block_17(x, scope, inner)
    x = _reduce_to_8(x, "mixed_8")
    x = _block_8(x, "mixed_9", keras.layers.AveragePooling2D)
    x = _block_8(x, "mixed_10", keras.layers.MaxPooling2D)
    return keras.Model(image, keras.layers.GlobalAveragePooling2D()(x))


def _stem(x: Tensor) -> Tensor:
    """Images of side 299 to 192 channels of side 35."""
    x = _convolution(x, "conv", 32, 3, pad=False, halve=True)
    x = _convolution(x, "conv_1", 32, 3, pad=False)
    x = _halved(_convolution(x, "conv_2", 64, 3))
    x = _convolution(x, "conv_3", 80, 1)
    return _halved(_convolution(x, "conv_4", 192, 3, pad=False))


def _block_35(x: Tensor, scope: str, pooled: int) -> Tensor:
    return _joined(
        _tower(x, scope, (64, 1)),
        _tower(x, f"{scope}/tower", (48, 1), (64, 5)),
        _tower(x, f"{scope}/tower_1", (64, 1), (96, 3), (96, 3)),
        _tower(_pooled(x), f"{scope}/tower_2", (pooled, 1)),
    )


def _reduce_to_17(x: Tensor, scope: str) -> Tensor:
    return _joined(
        _tower(x, scope, (384, 3), reduce=True),
        _tower(x, f"{scope}/tower", (64, 1), (96, 3), (96, 3), reduce=True),
        _halved(x),
    )


def _block_17(x: Tensor, scope: str, inner: int) -> Tensor:
    across, down = (1, 7), (7, 1)
    return _joined(
        _tower(x, scope, (192, 1)),
        _tower(x, f"{scope}/tower", (inner, 1), (inner, across), (192, down)),
        _tower(
            x, f"{scope}/tower_1", (inner, 1), (inner, down), (inner, across), (inner, down), (192, across)
        ),
        _tower(_pooled(x), f"{scope}/tower_2", (192, 1)),
    )


def _reduce_to_8(x: Tensor, scope: str) -> Tensor:
    return _joined(
        _tower(x, f"{scope}/tower", (192, 1), (320, 3), reduce=True),
        _tower(x, f"{scope}/tower_1", (192, 1), (192, (1, 7)), (192, (7, 1)), (192, 3), reduce=True),
        _halved(x),
    )


def _block_8(x: Tensor, scope: str, pooling: type[keras.layers.Layer]) -> Tensor:
    return _joined(
        _tower(x, scope, (320, 1)),
        _fork(_tower(x, f"{scope}/tower", (384, 1)), f"{scope}/tower/mixed"),
        _fork(_tower(x, f"{scope}/tower_1", (448, 1), (384, 3)), f"{scope}/tower_1/mixed"),
        _tower(_pooled(x, pooling), f"{scope}/tower_2", (192, 1)),
    )


def _fork(x: Tensor, scope: str) -> Tensor:
    """Two convolutions of the same input, across and down."""
    return _joined(
        _convolution(x, f"{scope}/conv", 384, (1, 3)), _convolution(x, f"{scope}/conv_1", 384, (3, 1))
    )


def _tower(x: Tensor, scope: str, *layers: tuple[int, Size], reduce: bool = False) -> Tensor:
    """Convolutions of so many channels and such kernels in turn; the last may halve the sides."""
    for index, (channels, kernel) in enumerate(layers):
        name = f"{scope}/conv_{index}" if index else f"{scope}/conv"
        last = reduce and index == len(layers) - 1
        x = _convolution(x, name, channels, kernel, pad=not last, halve=last)
    return x


def _convolution(
    x: Tensor, scope: str, channels: int, kernel: Size, *, pad: bool = True, halve: bool = False
) -> Tensor:
    return keras.layers.Conv2D(
        channels,
        kernel,
        strides=2 if halve else 1,
        padding="same" if pad else "valid",
        activation="relu",
        kernel_initializer="zeros",
        name=scope.replace("/", "."),
    )(x)


def _pooled(x: Tensor, pooling: type[keras.layers.Layer] = keras.layers.AveragePooling2D) -> Tensor:
    return pooling(3, strides=1, padding="same")(x)


def _halved(x: Tensor) -> Tensor:
    return keras.layers.MaxPooling2D(3, strides=2)(x)


def _joined(*branches: Tensor) -> Tensor:
    return keras.layers.Concatenate()(branches)
