"""What a variational autoencoder minimises: reconstruction and KL divergence, and how the two are weighed."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import tensorflow as tf

from latentlab.learning.devices import over_all
from latentlab.learning.pixels import GAUSSIAN_SIGMA, LEAST_SIGMA
from latentlab.learning.tensors import Tensor


def weight_of_kl(chosen: float | None, dimensions: int) -> float:
    """The KL's weight for images of height x width x channels numbers: the ELBO's where none is chosen."""
    return 1 / dimensions if chosen is None else chosen


def bernoulli(x: Tensor, logits: Tensor) -> Tensor:
    """-log p(x | z) for a Bernoulli variable a pixel, a mean over all pixels, in nats.

        -[x log p + (1 - x) log(1 - p)],  p = sigmoid(logits)      (Kingma and Welling 2014, appendix C.1)

    Of grey pixels, in [0, 1], it is a cross-entropy and no likelihood.
    """
    return tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(labels=x, logits=logits))


def gaussian(x: Tensor, logits: Tensor) -> Tensor:
    """-log p(x | z) for a normal variable a pixel, of one fixed sigma, a mean over all pixels, in nats.

        (x - p)^2 / (2 sigma^2) + log(sigma sqrt(2 pi)),  p = sigmoid(logits)      (appendix C.2)

    The mean is kept in [0, 1], where pixels lie. Another sigma would be another weight of the KL.
    """
    squares = squared_error(x, logits)
    return squares / (2 * GAUSSIAN_SIGMA**2) + math.log(GAUSSIAN_SIGMA * math.sqrt(2 * math.pi))


def gaussian_optimal(x: Tensor, logits: Tensor) -> Tensor:
    """-log p(x | z) as of ``gaussian``, with the one sigma under which the batch is likeliest, in nats.

        1/2 + log(sigma sqrt(2 pi)),  sigma^2 = mean of (x - p)^2      (Rybkin et al. 2021, the optimal sigma)

    So sigma balances reconstruction against a KL of its true weight. It is at least ``LEAST_SIGMA``, where
    the loss goes on as that of a fixed sigma.
    """
    squares = over_all(squared_error(x, logits))
    variance = tf.maximum(squares, LEAST_SIGMA**2)
    return squares / (2 * variance) + tf.math.log(2 * math.pi * variance) / 2


def squared_error(x: Tensor, logits: Tensor) -> Tensor:
    """(x - p)^2, p = sigmoid(logits), a mean over all pixels."""
    return tf.reduce_mean((x - tf.sigmoid(logits)) ** 2)


# By their names in params.yaml; each takes x in [0, 1] and logits, (batch, h, w, channels), to a scalar.
RECONSTRUCTIONS: Mapping[str, Callable[[Tensor, Tensor], Tensor]] = {
    "bernoulli": bernoulli,
    "gaussian": gaussian,
    "gaussian_optimal": gaussian_optimal,
}


def kl_divergences(z_mean: Tensor, z_log_var: Tensor) -> Tensor:
    """KL of N(mu, diag sigma^2) from N(0, I), in nats, of each latent: (batch, latent_dim) as the arguments.

    -1/2 (1 + log sigma^2 - mu^2 - sigma^2)      (Kingma and Welling 2014, appendix B)
    """
    return -(1 + z_log_var - z_mean**2 - tf.exp(z_log_var)) / 2


def free_bits(divergences: Tensor, least: float) -> Tensor:
    """The KL, in nats, of which each dimension's first ``least`` nats are free: a scalar.

        sum over dimensions of max(least, mean over the batch of KL)

    So no dimension gains by falling below (Kingma, Salimans et al. 2016, appendix C.8).

    Args:
        divergences: in nats, (batch, latent_dim).
        least: nats a dimension, 0 or more.
    """
    return tf.reduce_sum(tf.maximum(least, over_all(tf.reduce_mean(divergences, axis=0))))


def warmed_up(weight: float, step: Tensor, num_steps: int) -> Tensor:
    """The KL's weight after ``step`` steps: rising in a line from 0 to ``weight`` (Bowman et al. 2016).

    Args:
        weight: what it comes to.
        step: steps done, a scalar.
        num_steps: steps until then, 1 or more.
    """
    return weight * tf.minimum(1.0, tf.cast(step, tf.float32) / num_steps)


@dataclass(frozen=True)
class Objective:
    """The objective and its parts.

        objective = reconstruction + weight KL

    With the defaults it is the lecture's. What is off is not computed.

    Attributes:
        kl_weight: the weight of the KL, in nats, against the mean over pixels.
        reconstruction: one of ``RECONSTRUCTIONS``.
        free_nats: see :func:`free_bits`; 0 for none.
        warmup_steps: see :func:`warmed_up`; 0 for none.
    """

    kl_weight: float
    reconstruction: Callable[[Tensor, Tensor], Tensor] = bernoulli
    free_nats: float = 0.0
    warmup_steps: int = 0

    def terms(
        self, x: Tensor, logits: Tensor, z_mean: Tensor, z_log_var: Tensor, *, step: Tensor | None = None
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Reconstruction (nats per pixel), KL (nats per image) and objective, each a scalar.

        Args:
            x, logits: pixels in [0, 1] and the decoder's, (batch, h, w, channels).
            z_mean, z_log_var: the encoder's, (batch, latent_dim).
            step: steps done, by which the weight is warmed up; None for the weight that it comes to.
        """
        reconstruction = self.reconstruction(x, logits)
        divergences = kl_divergences(z_mean, z_log_var)
        kl = tf.reduce_mean(tf.reduce_sum(divergences, axis=-1))
        penalty = free_bits(divergences, self.free_nats) if self.free_nats else kl
        return reconstruction, kl, reconstruction + self._weight(step) * penalty

    def _weight(self, step: Tensor | None) -> Tensor | float:
        if step is None or not self.warmup_steps:
            return self.kl_weight
        return warmed_up(self.kl_weight, step, self.warmup_steps)
