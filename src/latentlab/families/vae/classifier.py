"""The classifier that a conditional VAE is, and what its latents keep when the class is taken out of them."""

import keras
import numpy as np
import numpy.typing as npt
import tensorflow as tf

from latentlab.core.arrays import Images, Labels
from latentlab.learning.conditioning import num_classes_of
from latentlab.scoring.metrics.likelihood import Likelihood, gaussian_kl
from latentlab.trained import inference

# Of each image and class; the classes share their noise, so that few tell them apart.
NUM_DRAWS = 4


def styles(encoder: keras.Model, decoder: keras.Model, images: Images, labels: Labels) -> Images:
    """Each image, and its latent decoded as every class: what z keeps when the class is taken out of it.

    Returns:
        uint8 (n, 1 + num_classes, height, width, channels) for images uint8 (n, height, width, channels)
        of these classes, (n,).
    """
    num_classes = num_classes_of(decoder)
    z_mean, _ = inference.predict(encoder, images, labels)
    classes = np.tile(np.arange(num_classes), len(images))
    swapped = inference.generate(decoder, np.repeat(z_mean, num_classes, axis=0), classes)
    rows = swapped.reshape(len(images), num_classes, *images.shape[1:])
    return np.concatenate([images[:, np.newaxis], rows], axis=1)


def classify(
    encoder: keras.Model,
    decoder: keras.Model,
    images: Images,
    log_prior: npt.NDArray[np.float64],
    *,
    likelihood: Likelihood,
    seed: int,
) -> npt.NDArray[np.int64]:
    """The class under which each image is likeliest, by Bayes' rule and the ELBO in place of log p(x | y).

        argmax over y of ELBO(x | y) + log p(y)      (Kingma, Mohamed et al. 2014, equation 6)

    Args:
        encoder, decoder: a VAE that is told the class.
        images: uint8 (n, height, width, channels).
        log_prior: log p(y), (num_classes,).
        likelihood: of the pixels.
        seed: of the draws of z.

    Returns:
        Classes, (n,).
    """
    # A graph, because tracing one costs less than so many batches gain.
    decode = tf.function(decoder)
    x, bounds = inference.to_float(images), np.empty((len(images), len(log_prior)))
    for label, prior in enumerate(log_prior):
        labels = np.full(len(images), label)
        z_mean, z_log_var = inference.predict(encoder, images, labels)
        nats = np.zeros(len(images))
        for draw in range(NUM_DRAWS):
            epsilon = inference.draw_latents(len(images), z_mean.shape[1], seed + draw)
            z = z_mean + np.exp(z_log_var / 2) * epsilon
            decoded = inference.run(decode, *inference.with_classes(decoder, z, labels))
            nats += likelihood(x, decoded) / NUM_DRAWS
        bounds[:, label] = prior - nats - gaussian_kl(z_mean, z_log_var).sum(axis=1)
    return bounds.argmax(axis=1)


def log_shares(labels: Labels, num_classes: int) -> npt.NDArray[np.float64]:
    """log p(y) by the classes' shares among labels (n,), one image added to each class: (num_classes,)."""
    counts = np.bincount(labels, minlength=num_classes) + 1
    return np.log(counts / counts.sum())
