"""Spectral normalisation: kernels of spectral norm 1, moved through the W that they are made of."""

import keras
import numpy as np
import tensorflow as tf
from keras import layers

from latentlab.families.gan.model.spectral import Free, SpectralNorm
from tests.tiny_learners import build_gan, images, stack


def network() -> keras.Sequential:
    """A convolution and a dense layer, with biases."""
    return keras.Sequential(
        [
            layers.Input((4, 4, 2)),
            layers.Conv2D(3, 3, name="conv"),
            layers.Flatten(),
            layers.Dense(1, name="dense"),
        ]
    )


def largest(kernel: np.ndarray) -> float:
    """The largest singular value, by NumPy."""
    return float(np.linalg.svd(np.reshape(kernel, (-1, kernel.shape[-1])), compute_uv=False)[0])


def test_each_kernel_has_a_norm_of_one_and_biases_stay() -> None:
    model = network()
    model.get_layer("conv").bias.assign([1.0, 2, 3])
    before = [layer.kernel.numpy() for layer in model.layers if hasattr(layer, "kernel")]
    SpectralNorm(model, seed=0)
    for layer, was in zip((model.layers[0], model.layers[-1]), before, strict=True):
        np.testing.assert_allclose(largest(layer.kernel.numpy()), 1, rtol=1e-3)
        np.testing.assert_allclose(layer.kernel, was / largest(was), rtol=2e-2, atol=1e-6)
    assert model.get_layer("conv").bias.numpy().tolist() == [1, 2, 3]


def test_the_norm_is_followed_as_weights_move() -> None:
    model = network()
    free = SpectralNorm(model, seed=0)
    random = np.random.default_rng(0)
    for _ in range(30):
        for variable in free.trainable:
            variable.assign_add(0.01 * random.standard_normal(variable.shape))
        free.normalise()
    assert abs(largest(model.get_layer("conv").kernel.numpy()) - 1) < 0.05


def test_gradients_by_hand() -> None:
    """One input and one output: W / |W| never changes with |W|, and with the bias all passes."""
    model = keras.Sequential([layers.Input((1,)), layers.Dense(1)])
    model.set_weights([np.array([[2.0]]), np.array([0.0])])
    free = SpectralNorm(model, seed=0)
    assert model.get_weights()[0].tolist() == [[1]]
    assert [
        float(np.squeeze(each)) for each in free.gradients([tf.constant([[5.0]]), tf.constant([7.0])])
    ] == [0, 7]


def test_gradients_are_those_of_the_normalised_network() -> None:
    """By finite differences of the W, u being what it is."""
    model = keras.Sequential([layers.Input((3,)), layers.Dense(2, use_bias=False)])
    free = SpectralNorm(model, seed=0)
    [kernel], [raw] = model.trainable_variables, free.trainable
    weights = tf.constant([[1.0, -2], [0.5, 3], [2, 1]])
    [gradient] = free.gradients([weights])
    start, direction = raw.numpy(), free.variables[-1].numpy()

    def loss(place: tuple[int, int], step: float) -> float:
        moved = start.copy()
        moved[place] += step
        return float(np.sum(weights * moved) / np.linalg.norm(moved @ direction))

    for place in np.ndindex(3, 2):
        slope = (loss(place, 1e-3) - loss(place, -1e-3)) / 2e-3
        np.testing.assert_allclose(gradient.numpy()[place], slope, rtol=1e-2, atol=1e-3)
    np.testing.assert_allclose(kernel, start / np.linalg.norm(start @ direction), rtol=1e-6)


def test_a_free_network_is_left_alone() -> None:
    model = network()
    free = Free(model)
    gradients = [tf.ones(variable.shape) for variable in model.trainable_variables]
    assert free.gradients(gradients) == gradients
    assert free.trainable == model.trainable_variables
    assert free.variables == []


def test_a_gan_keeps_its_discriminator_normalised_and_the_saved_one_plain(eagerly: None) -> None:
    learner = build_gan(spectral_norm=True)
    learner.train(*stack(images(6 * 4), steps=4))
    kernels = [layer.kernel for layer in learner.discriminator.layers if hasattr(layer, "kernel")]
    assert all(abs(largest(kernel.numpy()) - 1) < 0.1 for kernel in kernels)
    assert {type(layer).__module__.split(".")[0] for layer in learner.discriminator.layers} == {"keras"}
