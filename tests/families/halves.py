"""A conditional VAE whose classes are left and right halves, by construction."""

import keras
import numpy as np

from tests.tiny_learners import SHAPE


def build_encoder() -> keras.Model:
    """z_mean and z_log_var 0, whatever the image and the class."""
    image, y = keras.layers.Input(SHAPE, name="image"), keras.layers.Input((2,), name="y")
    heads = [keras.layers.Dense(2, kernel_initializer="zeros", name=name)(y) for name in ("mean", "log_var")]
    return keras.Model([image, y], heads)


def build_decoder() -> keras.Model:
    """Bright in the left half for class 0 and in the right half for class 1; z is not looked at."""
    z, y = keras.layers.Input((2,), name="z"), keras.layers.Input((2,), name="y")
    kernel = np.full((2, *SHAPE), -2.0, np.float32)
    kernel[0, :, :4] = kernel[1, :, 4:] = 2
    dense = keras.layers.Dense(
        64, "sigmoid", kernel_initializer=keras.initializers.Constant(kernel.reshape(2, 64))
    )
    return keras.Model([z, y], keras.layers.Reshape(SHAPE)(dense(y)))
