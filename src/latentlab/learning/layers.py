"""Faster ways to compute what plain Keras layers compute, on the weights of those layers.

A network is built, saved and loaded from stock Keras layers. Training calls it through ``graph.forward``,
where three costly patterns are replaced by the equal ones of this module; the rest is left to Keras, but for
biases in bfloat16.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import keras
import tensorflow as tf

from latentlab.learning import devices, precision
from latentlab.learning.doubling import KERNEL_SIZES, Images, upsample_conv2d
from latentlab.learning.one_channel import conv2d_to_one_channel
from latentlab.learning.tensors import Tensor

# What a layer must be for the fast ways to equal it.
NEAREST_DOUBLING = {"size": (2, 2), "interpolation": "nearest", "data_format": "channels_last"}
PLAIN_CONVOLUTION = {
    "strides": (1, 1),
    "padding": "same",
    "data_format": "channels_last",
    "dilation_rate": (1, 1),
    "groups": 1,
    "activation": keras.activations.linear,
    "use_bias": True,
}
PLAIN_NORMALISATION = {
    "axis": -1,
    "center": True,
    "scale": True,
    "trainable": True,
    "synchronized": False,
    "renorm": False,
}
# Names of variables of layers that normalise over the batch, or that draw numbers for its images.
STATES_OF_BATCHES = ("moving_mean", "seed_generator_state")
ACTIVATIONS = (keras.layers.ReLU, keras.layers.LeakyReLU)
# Below it, a convolution is bound by memory and not by its multiplications, and there is nothing to save.
FEWEST_CHANNELS = 32
# Smaller ones have no neighbour on each side.
SMALLEST_KERNEL = 3


class Computed(NamedTuple):
    """What some layers give, ``images``, and how many of them were computed: ``num_layers``."""

    images: Images
    num_layers: int


def compute(layers: Sequence[keras.layers.Layer], images: Images, training: bool) -> Computed | None:
    """Compute the first of some layers, or the first few together, if that is better than Keras' own way.

    Args:
        layers: at least one; each of the others alone reads what the one before gives.
        images: what the first takes.
        training: whether batch normalisation uses and updates batch statistics.

    Returns:
        What equals the plain calls up to rounding; None for layers that are best called.
    """
    layer = layers[0]
    if type(layer) in ACTIVATIONS:
        return Computed(images.each(layer), 1)
    faster = _compute_faster(layers, images, training) if _is_ordinary(images.pixels) else None
    if faster is not None:
        return faster
    if precision.rounds(layer) and _is_biased_product(layer):
        return Computed(Images(_biased_product(images.whole(), layer)), 1)
    return None


def crops(image_shape: tuple[int, int, int], factor: int) -> list[keras.layers.Layer]:
    """What crops images to a shape (height, width, channels) from the next multiples of a factor.

    One layer, which takes pixels off the bottom and the right; none where both sides are multiples.
    """
    rest = [(0, -side % factor) for side in image_shape[:2]]
    return [keras.layers.Cropping2D(rest, name="crop")] if rest != [(0, 0), (0, 0)] else []


def batch_normalise(x: Tensor, gamma: Tensor, beta: Tensor, epsilon: float) -> tuple[Tensor, Tensor, Tensor]:
    """Normalise each channel over the batch (Ioffe and Szegedy 2015, algorithm 1), in one fused operation.

    Args:
        x: float32 (batch, height, width, channels).
        gamma, beta: float32 (channels,), the scale and the shift.
        epsilon: added to the variance.

    Returns:
        The normalised x, and the mean and the biased variance of each channel, (channels,).
    """
    count = tf.cast(tf.size(x) // x.shape[-1], tf.float32)
    output, mean, unbiased = tf.compat.v1.nn.fused_batch_norm(x, gamma, beta, epsilon=epsilon)
    return output, mean, unbiased * ((count - 1) / count)


def _compute_faster(layers: Sequence[keras.layers.Layer], images: Images, training: bool) -> Computed | None:
    layer, *others = layers
    if others and _is_nearest_doubling(layer, images) and _is_wide(others[0], images):
        return _upsample(images.whole(), *others)
    if _is_plain_conv2d(layer, images) and layer.filters == 1 and images.pixels.shape[-1] >= FEWEST_CHANNELS:
        return Computed(Images(conv2d_to_one_channel(images, layer.kernel) + layer.bias), 1)
    if training and devices.count() == 1 and _is_plain_normalisation(layer, images):
        return Computed(images.each(lambda pixels: _normalise(pixels, layer)), 1)
    return None


def _upsample(
    x: Tensor, conv: keras.layers.Conv2D, follows: keras.layers.Layer | None = None, *_: keras.layers.Layer
) -> Computed:
    """Doubling and convolution, and in one piece of XLA, which gains on both, the bias and an activation."""
    activation = follows if type(follows) in ACTIVATIONS else None

    def piece(pixels: Tensor) -> Tensor:
        biased = pixels + tf.cast(conv.bias, pixels.dtype)
        return activation(biased) if activation else biased

    return Computed(
        upsample_conv2d(x, conv.kernel).each(tf.function(piece, jit_compile=True)), 3 if activation else 2
    )


def counts_on_the_batch(layer: keras.layers.Layer) -> bool:
    """Whether in training it gives other things for an image beside other images, or in another place."""
    return not {variable.name for variable in layer.variables}.isdisjoint(STATES_OF_BATCHES)


def on_several_devices(layer: keras.layers.Layer, x: Tensor) -> Tensor:
    """What such a layer gives in training for this device's rows of the whole batch.

    Raises:
        ValueError: it is of a kind that several devices cannot share.
    """
    x = tf.cast(x, layer.compute_dtype)
    if type(layer) is keras.layers.Dropout:
        return devices.dropout(x, layer)
    if _is(layer, keras.layers.BatchNormalization, PLAIN_NORMALISATION, Images(x)):
        return _normalise(x, layer, devices.batch_normalise)
    raise ValueError(
        f"{layer.name}: expected a plain BatchNormalization or Dropout, got {type(layer).__name__}, which "
        "several devices cannot share. Set devices to 1 in params.yaml, or replace it."
    )


def _normalise(
    x: Tensor, layer: keras.layers.BatchNormalization, normalise: Callable[..., Any] = batch_normalise
) -> Tensor:
    # In float32, for of bfloat16 the fused operation takes several times as long.
    exact = tf.cast(x, tf.float32)
    output, mean, variance = normalise(exact, layer.gamma, layer.beta, layer.epsilon)
    for moving, value in ((layer.moving_mean, mean), (layer.moving_variance, variance)):
        moving.assign(moving * layer.momentum + value * (1 - layer.momentum))
    return tf.cast(output, x.dtype)


def _biased_product(x: Tensor, layer: keras.layers.Dense | keras.layers.Conv2D) -> Tensor:
    """A product and its bias in the layer's type.

    TensorFlow's operation for a bias, which Keras takes, would add the bias' gradient up in bfloat16, where
    256 + 1 is 256; that of a plain sum is added up in float32.
    """
    x, kernel, bias = (tf.cast(each, layer.compute_dtype) for each in (x, layer.kernel, layer.bias))
    multiply = layer.convolution_op if isinstance(layer, keras.layers.Conv2D) else keras.ops.matmul
    return layer.activation(multiply(x, kernel) + bias)


def _is_biased_product(layer: keras.layers.Layer) -> bool:
    is_product = type(layer) in (keras.layers.Dense, keras.layers.Conv2D)
    return is_product and layer.use_bias and layer.activity_regularizer is None


def _is_nearest_doubling(layer: keras.layers.Layer, images: Images) -> bool:
    return _is(layer, keras.layers.UpSampling2D, NEAREST_DOUBLING, images)


def _is_plain_conv2d(layer: keras.layers.Layer, images: Images) -> bool:
    is_plain = _is(layer, keras.layers.Conv2D, PLAIN_CONVOLUTION, images)
    return is_plain and layer.kernel_size[0] == layer.kernel_size[1] >= SMALLEST_KERNEL


def _is_wide(layer: keras.layers.Layer, images: Images) -> bool:
    narrowest = min(layer.filters, images.pixels.shape[-1]) if _is_plain_conv2d(layer, images) else 0
    return narrowest >= FEWEST_CHANNELS and layer.kernel_size[0] in KERNEL_SIZES


def _is_plain_normalisation(layer: keras.layers.Layer, images: Images) -> bool:
    is_plain = _is(layer, keras.layers.BatchNormalization, PLAIN_NORMALISATION, images)
    return is_plain and len(images.pixels.shape) == 4


def _is(
    layer: keras.layers.Layer, kind: type[keras.layers.Layer], settings: Mapping[str, Any], images: Images
) -> bool:
    """Whether it is of a kind, of no subclass that may compute anything else, and has such settings.

    And whether it computes in the type of the images, on weights in float32.
    """
    return (
        type(layer) is kind
        and (layer.variable_dtype, layer.compute_dtype) == ("float32", images.pixels.dtype.name)
        and layer.activity_regularizer is None
        and all(getattr(layer, name) == value for name, value in settings.items())
    )


def _is_ordinary(x: Tensor) -> bool:
    """Whether a tensor is of the types and of the known shape that the fast ways need."""
    return x.dtype in (tf.float32, tf.bfloat16) and x.shape.is_fully_defined()
