"""Bounds and latents of VAEs of 4 x 4 pixels whose likelihood can be worked out."""

import math

import keras
import numpy as np
import pytest
import scipy.special
import scipy.stats
from numpy.testing import assert_allclose, assert_array_equal

from latentlab.core.arrays import Images, Labels
from latentlab.families.vae import bounds
from latentlab.scoring.metrics.likelihood import binarise
from tests.families import halves
from tests.tiny_learners import images as halves_images
from tests.tiny_learners import labels as halves_labels


def random_images(count: int) -> Images:
    return np.random.default_rng(0).integers(0, 256, (count, 4, 4, 1), dtype=np.uint8)


def constant_encoder(z_mean: float, z_log_var: float, latent_dim: int = 3) -> keras.Model:
    """Encodes every image of 4 x 4 alike."""

    def head(value: float, name: str) -> keras.layers.Layer:
        bias = keras.initializers.Constant(value)
        return keras.layers.Dense(latent_dim, kernel_initializer="zeros", bias_initializer=bias, name=name)

    image = keras.layers.Input((4, 4, 1))
    flat = keras.layers.Flatten()(image)
    return keras.Model(image, [head(z_mean, "z_mean")(flat), head(z_log_var, "z_log_var")(flat)])


def constant_decoder(logit: float) -> keras.Model:
    """Decodes every z of 3 dimensions to the same grey."""
    z = keras.layers.Input((3,))
    bias = keras.initializers.Constant(logit)
    dense = keras.layers.Dense(16, "sigmoid", kernel_initializer="zeros", bias_initializer=bias)
    return keras.Model(z, keras.layers.Reshape((4, 4, 1))(dense(z)))


def test_encodings_are_a_draw_by_seed() -> None:
    images = random_images(2000)
    encodings = bounds.encode(constant_encoder(2.0, math.log(9)), images, seed=0)
    assert encodings.z_mean.shape == encodings.z_log_var.shape == encodings.z.shape == (2000, 3)
    assert encodings.z.dtype == np.float32
    assert_allclose(encodings.z_mean, 2)
    # 6,000 draws of mean 2 and deviation 3: five standard errors are 0.2 and 0.14.
    assert encodings.z.mean() == pytest.approx(2, abs=0.2)
    assert encodings.z.std() == pytest.approx(3, abs=0.14)
    again, other = (bounds.encode(constant_encoder(2.0, math.log(9)), images, seed) for seed in (0, 1))
    assert_array_equal(encodings.z, again.z)
    assert (encodings.z != other.z).all()


def test_terms_by_hand() -> None:
    """z_mean 1 and z_log_var 0 in 3 dimensions: KL 3/2. Each of 16 pixels, at p = 1/2, costs log 2."""
    images, labels = random_images(8), np.array([0, 0, 2, 2, 2, 0, 2, 0], np.uint8)
    encodings = bounds.encode(constant_encoder(1.0, 0.0), images, seed=0)
    terms = bounds.objective_terms(images, labels, encodings, constant_decoder(0.0), kl_weight=0.1)
    by_class = terms.pop("reconstruction_by_class_nats_per_pixel")
    assert by_class == pytest.approx({"0": math.log(2), "2": math.log(2)}, rel=1e-6)
    assert terms == pytest.approx(
        {
            "reconstruction_nats_per_pixel": math.log(2),
            "kl_nats": 1.5,
            "objective": math.log(2) + 0.15,
            "elbo_grey_nats": -16 * math.log(2) - 1.5,
        },
        rel=1e-6,
    )


def test_each_class_has_its_own_reconstruction() -> None:
    """At p(white) = 1/4 a white pixel costs log 4 and a black one log 4/3."""
    images = np.repeat(np.array([0, 255, 0], np.uint8), 16).reshape(3, 4, 4, 1)
    encodings = bounds.encode(constant_encoder(0.0, 0.0), images, seed=0)
    decoder, labels = constant_decoder(-math.log(3)), np.array([1, 4, 1], np.uint8)
    terms = bounds.objective_terms(images, labels, encodings, decoder, kl_weight=1)
    expected = {"1": math.log(4 / 3), "4": math.log(4)}
    assert terms["reconstruction_by_class_nats_per_pixel"] == pytest.approx(expected, rel=1e-5)


def test_a_better_decoder_has_a_higher_bound() -> None:
    black = np.zeros((4, 4, 4, 1), np.uint8)
    encodings = bounds.encode(constant_encoder(0.0, 0.0), black, seed=0)
    dark, light = (
        bounds.objective_terms(black, np.zeros(4, np.uint8), encodings, constant_decoder(logit), kl_weight=1)
        for logit in (-3, 3)
    )
    assert dark["elbo_grey_nats"] > light["elbo_grey_nats"]
    assert dark["objective"] < light["objective"]
    assert dark["kl_nats"] == light["kl_nats"] == 0
    assert not [name for name in dark if "by_class" in name]


def one_latent(z_mean: float, z_log_var: float) -> tuple[keras.Model, keras.Model]:
    """An encoder to the same q for every image, and a decoder to p = sigmoid(z w), w from -2 to 2."""
    slopes = np.linspace(-2, 2, 16, dtype=np.float32)[np.newaxis]
    z = keras.layers.Input((1,))
    dense = keras.layers.Dense(16, "sigmoid", kernel_initializer=keras.initializers.Constant(slopes))
    return constant_encoder(z_mean, z_log_var, 1), keras.Model(z, keras.layers.Reshape((4, 4, 1))(dense(z)))


def true_log_likelihood(images: Images) -> float:
    """The mean log p(x) of black and white images under that decoder, by integrating over a grid of z."""
    z, step = np.linspace(-10, 10, 4001, retstep=True)
    logits = z[:, np.newaxis] * np.linspace(-2, 2, 16)
    white = images.reshape(len(images), 16) / 255
    log_likelihoods = white @ logits.T - np.logaddexp(0, logits).sum(axis=1)
    log_prior = -(z**2) / 2 - math.log(2 * math.pi) / 2
    return float(np.mean(np.log(np.sum(np.exp(log_likelihoods + log_prior) * step, axis=1))))


def bounds_of(z_mean: float, z_log_var: float, images: Images) -> dict[str, float]:
    """The ELBO and the importance-weighted bounds at 1, 20 and 400."""
    encoder, decoder = one_latent(z_mean, z_log_var)
    found = bounds.likelihood_bounds(
        images, bounds.Model(encoder, decoder), samples=(1, 20, 400), num_images=len(images), seed=0
    )
    return {"elbo": found["elbo_binarised_nats"], **found["importance_weighted_nats"]}


def test_bounds_rise_to_the_true_likelihood_and_not_above() -> None:
    images = random_images(200)
    truth = true_log_likelihood(binarise(images, bounds.BINARISATION_SEED))
    found = bounds_of(0.0, 0.0, images)
    assert list(found) == ["elbo", "1", "20", "400"]
    # With q the prior, the ELBO is the mean of log p(x | z): 200 or 80,000 draws of it.
    assert found["elbo"] == pytest.approx(found["1"], abs=2)
    assert found["1"] < found["20"] - 1 < found["400"] - 1
    assert found["400"] == pytest.approx(truth, abs=0.1)
    assert found["1"] < truth - 1


def test_a_worse_posterior_has_a_lower_bound_on_the_same_likelihood() -> None:
    images = random_images(200)
    good, bad = bounds_of(0.0, math.log(0.25), images), bounds_of(1.5, math.log(0.25), images)
    assert bad["1"] < good["1"] - 1
    assert bad["elbo"] < good["elbo"] - 1
    assert abs(bad["400"] - good["400"]) < abs(bad["1"] - good["1"])


def dequantised_log_likelihood(images: Images, sigma: float) -> float:
    """The mean log p(x) of grey levels under that decoder with normal pixels, over a grid of z."""
    z, step = np.linspace(-10, 10, 4001, retstep=True)
    means = 1 / (1 + np.exp(-z[:, np.newaxis] * np.linspace(-2, 2, 16)))
    edges = (np.arange(257) - 0.5) / 255
    edges[[0, -1]] = -np.inf, np.inf
    shares = np.diff(scipy.stats.norm.cdf(edges[:, np.newaxis, np.newaxis], means, sigma), axis=0)
    per_pixel = np.log(shares[images.reshape(len(images), 16), :, np.arange(16)])
    log_joint = per_pixel.sum(axis=1) + scipy.stats.norm.logpdf(z)
    return float(np.mean(scipy.special.logsumexp(log_joint, axis=1) + math.log(step)))


def test_bounds_of_normal_pixels_rise_to_the_true_likelihood_of_grey_levels() -> None:
    images, sigma = random_images(60), 0.3
    model = bounds.Model(*one_latent(0.0, math.log(0.25)), sigma)
    found = bounds.likelihood_bounds(images, model, samples=(1, 20, 400), num_images=60, seed=0)
    truth = dequantised_log_likelihood(images, sigma)
    weighted = found["importance_weighted_nats"]
    assert found["elbo_levels_nats"] == pytest.approx(weighted["1"], abs=0.5)
    assert weighted["1"] < weighted["20"] < weighted["400"] == pytest.approx(truth, abs=0.1)
    assert found["bits_per_dimension"] == pytest.approx(-found["elbo_levels_nats"] / 16 / math.log(2))
    assert found["quantisation"] == bounds.LEVELS


def test_the_sigma_that_was_fitted_has_the_best_bound() -> None:
    """Of grey images with noise of 0.1."""
    noise = 25.5 * np.random.default_rng(0).standard_normal((50, 4, 4, 1))
    images = np.clip(np.rint(127.5 + noise), 0, 255).astype(np.uint8)
    encoder, decoder = constant_encoder(0.0, 0.0), constant_decoder(0.0)

    def bits(sigma: float) -> float:
        model = bounds.Model(encoder, decoder, sigma)
        found = bounds.likelihood_bounds(images, model, samples=(1,), num_images=1, seed=0)
        return float(found["bits_per_dimension"])

    assert bits(0.1) < min(bits(0.07), bits(0.14))
    # The entropy of the noise in units of a level: log2(25.5 sqrt(2 pi e)), to two standard errors.
    assert bits(0.1) == pytest.approx(math.log2(25.5 * math.sqrt(2 * math.pi * math.e)), abs=0.08)


def test_bounds_are_taken_on_the_first_images_and_say_so() -> None:
    model, images = bounds.Model(*one_latent(0.0, 0.0)), random_images(30)

    def found(images: Images, count: int, seed: int = 0) -> dict[str, object]:
        return bounds.likelihood_bounds(images, model, samples=(1, 3), num_images=count, seed=seed)

    few, all_of_few = found(images, 10), found(images[:10], 50)
    assert (few["importance_images"], all_of_few["importance_images"]) == (10, 10)
    assert few["importance_weighted_nats"] == all_of_few["importance_weighted_nats"]
    assert few["elbo_binarised_nats"] != all_of_few["elbo_binarised_nats"]
    assert few["binarisation"] == "one fixed Bernoulli draw a pixel (Salakhutdinov and Murray 2008)"
    assert found(images, 10) == few
    assert found(images, 10, seed=1)["importance_weighted_nats"] != few["importance_weighted_nats"]


def test_use_of_the_latents() -> None:
    """Of two dimensions the first carries the class and the second is the prior."""
    labels = (np.arange(40) % 4).astype(np.uint8)
    z_mean = np.stack([2.0 * labels, np.zeros(40)], axis=1).astype(np.float32)
    encodings = bounds.Encodings(z_mean, np.zeros_like(z_mean), z_mean)
    found = bounds.latent_use(encodings, labels)
    # Means 0, 2, 4, 6: E mu^2 / 2 = 7; the variance is 5, and 1 more of q; 1/2 (6 + 9 - 1 - log 6).
    assert found == {
        "kl_per_dimension_nats": pytest.approx([7, 0]),
        "active_units": 1,
        "aggregate_posterior_kl_nats": pytest.approx((14 - math.log(6)) / 2),
        "knn_accuracy": 1,
        "knn_neighbours": 5,
    }


def test_right_classes_have_the_higher_bound() -> None:
    """The classes are halves of the image."""
    seen, right = halves_images(8), halves_labels(8)
    encoder, decoder = halves.build_encoder(), halves.build_decoder()

    def terms(told: Labels) -> dict[str, float]:
        encodings = bounds.encode(encoder, seen, 0, told)
        return bounds.objective_terms(seen, told, encodings, decoder, kl_weight=0.1)

    assert terms(right)["elbo_grey_nats"] > terms(1 - right)["elbo_grey_nats"]

    def binarised(told: Labels) -> dict[str, float]:
        return bounds.likelihood_bounds(
            seen, bounds.Model(encoder, decoder), samples=(1, 2), num_images=4, seed=0, labels=told
        )

    assert binarised(right)["elbo_binarised_nats"] > binarised(1 - right)["elbo_binarised_nats"]
