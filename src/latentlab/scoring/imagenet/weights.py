"""Fills the network with the published weights."""

import keras

from latentlab.scoring.imagenet import network, torch_file, weights_file
from latentlab.scoring.imagenet.torch_file import Array
from latentlab.scoring.inception.weights import Normalisation, fold

# The batch normalisation after each kind of convolution, and its parts, as the file calls them.
NORMALISATIONS = {
    "_conv_stem": "_bn0",
    "_expand_conv": "_bn0",
    "_depthwise_conv": "_bn1",
    "_project_conv": "_bn2",
    "_conv_head": "_bn1",
}
PARTS = ("weight", "bias", "running_mean", "running_var")


def load() -> keras.Model:
    """The network with its weights.

    Raises:
        EvaluationError: the file of the weights is missing, or is not the published one.
    """
    tensors = torch_file.read(weights_file.read(weights_file.path()))
    model = network.build()
    for layer in model.layers:
        if layer.weights:
            kernel, bias = _folded(tensors, f"_{layer.name}")
            # Filters of a channel each have their last two axes, of which one is 1, the other way round.
            layer.set_weights([kernel.reshape(layer.kernel.shape), bias])
    return model


def _folded(tensors: dict[str, Array], name: str) -> tuple[Array, Array]:
    """The kernel (height, width, inputs, channels) and bias of a convolution with its normalisation."""
    scope, dot, kind = name.rpartition(".")
    normalisation = scope + dot + NORMALISATIONS[kind]
    parts = (tensors[f"{normalisation}.{part}"] for part in PARTS)
    return fold(tensors[f"{name}.weight"].transpose(2, 3, 1, 0), Normalisation(*parts))
