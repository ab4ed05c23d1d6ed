"""Models that are told the class: what is added to a network that takes the class with its input.

The class is a one-hot vector that is joined to the input (Mirza and Osindero 2014, section 3.2; with
an encoder Kingma, Mohamed et al. 2014, equation 6): beside a latent it stands as it is, beside an image
as maps of zeros or ones, one a class. So a model that is told the class is a plain one with a wider input.
"""

import math

import keras
import numpy as np
import numpy.typing as npt
from keras import layers

from latentlab.core.errors import DataError


def count_classes(labels: npt.NDArray[np.integer], key: str) -> int:
    """How many classes a model must be told apart, of labels (n,) counted from 0.

    Raises:
        DataError: there are not two, as where images have no labels; names the key that asks for them.
    """
    num_classes = int(np.max(labels)) + 1
    if num_classes < 2:
        raise DataError(
            f"{key} tells the model the class of each image, so it expects labels of two classes or more, "
            f"and got {num_classes}: choose labelled images in data.source, or set {key} to false."
        )
    return num_classes


def tell(chain: keras.Model, num_classes: int) -> keras.Model:
    """A model of [x, y], y float32 (batch, num_classes), of a chain whose input is x with y joined to it.

    Args:
        chain: its input's last axis has room for ``num_classes`` more than x has. Outputs keep their names.
        num_classes: 0 gives the chain itself.
    """
    if not num_classes:
        return chain
    *sides, width = chain.input_shape[1:]
    x = layers.Input((*sides, width - num_classes), name=chain.inputs[0].name)
    y = maps = layers.Input((num_classes,), name="y")
    if sides:
        maps = layers.UpSampling2D(tuple(sides), name="maps")(layers.Reshape((1, 1, num_classes))(y))
    outputs = chain(layers.Concatenate(name="joined")([x, maps]))
    if isinstance(outputs, list | tuple):
        outputs = [
            layers.Identity(name=name)(output)
            for name, output in zip(chain.output_names, outputs, strict=True)
        ]
    return keras.Model([x, y], outputs, name=chain.name)


def chain_of(model: keras.Model) -> keras.Model:
    """The network behind :func:`tell`; one that is told nothing, or takes the class by itself, is its own."""
    return next((layer for layer in model.layers if layer.name == model.name), model)


def num_classes_of(model: keras.Model) -> int:
    """How many classes a model is told apart; 0 for one that is told none."""
    return int(model.inputs[1].shape[-1]) if len(model.inputs) == 2 else 0


def given(model: keras.Model, label: int) -> keras.Model:
    """A model of x alone, with its class told once for all; one that is told none stays as it is."""
    if not num_classes_of(model):
        return model
    x = layers.Input(model.inputs[0].shape[1:], name=model.inputs[0].name)
    one = keras.ops.ones_like(keras.ops.reshape(x, (-1, math.prod(x.shape[1:])))[:, :1])
    return keras.Model(x, model([x, one * np.eye(num_classes_of(model), dtype=np.float32)[label]]))
