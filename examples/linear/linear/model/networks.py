"""The model as two networks of stock layers, which is how all that uses models knows them."""

import math

import keras
import numpy as np
from keras import layers

from latentlab.families.linear.model.closed_form import Ppca

Shape = tuple[int, int, int]


def build_encoder(found: Ppca, image_shape: Shape) -> keras.Model:
    """Images float32 (batch, height, width, channels) in [0, 1] to the mean of z given each."""
    posterior = found.posterior
    mean = layers.Dense(len(posterior), name="z")
    image = layers.Input(image_shape, name="image")
    encoder = keras.Model(image, mean(layers.Flatten(name="flatten")(image)), name="encoder")
    mean.set_weights([posterior.T, -posterior @ found.mean])
    return encoder


def build_decoder(found: Ppca, image_shape: Shape) -> keras.Model:
    """z float32 (batch, latent_dim) to W z + mu, cut off at 0 and 1.

    These are images float32 (batch, height, width, channels).
    """
    pixels = layers.Dense(math.prod(image_shape), name="pixels")
    z = layers.Input((found.weights.shape[1],), name="z")
    x = layers.Reshape(image_shape, name="reshape")(pixels(z))
    decoder = keras.Model(z, layers.ReLU(max_value=1.0, name="image")(x), name="decoder")
    pixels.set_weights([found.weights.T, found.mean])
    return decoder


def read_back(decoder: keras.Model, noise_variance: float) -> Ppca:
    """The parameters that a decoder was built of, but for what float32 rounds off."""
    weights, mean = (array.astype(np.float64) for array in decoder.get_layer("pixels").get_weights())
    return Ppca(mean, weights.T, noise_variance)
