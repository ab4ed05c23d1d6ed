"""The draw of a latent between encoder and decoder."""

import keras
import tensorflow as tf
from keras import layers

from latentlab.learning.devices import drawn
from latentlab.learning.tensors import Tensor


class Sampler(layers.Layer):
    """z = z_mean + exp(z_log_var / 2) epsilon, epsilon ~ N(0, epsilon_sigma^2 I).

    The reparameterisation of Kingma and Welling 2014, section 2.4: the randomness enters beside
    the path of the gradients, which reach both inputs.
    """

    def __init__(self, epsilon_sigma: float, seed: int) -> None:
        """Draw epsilon with the given standard deviation from a random state of the layer's own."""
        super().__init__(name="sampler")
        self.epsilon_sigma = epsilon_sigma
        self.noise = keras.random.SeedGenerator(seed)

    def call(self, z_mean: Tensor, z_log_var: Tensor) -> Tensor:
        """Draw z, (batch, latent_dim), from z_mean and z_log_var of that shape."""
        epsilon = drawn(keras.random.normal, tuple(z_mean.shape), stddev=self.epsilon_sigma, seed=self.noise)
        return z_mean + tf.exp(z_log_var / 2) * epsilon
