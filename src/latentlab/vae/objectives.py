"""What a variational autoencoder minimises."""

import tensorflow as tf

from latentlab.layers import Tensor


def objective(
    x: Tensor, logits: Tensor, z_mean: Tensor, z_log_var: Tensor, *, kl_weight: float
) -> tuple[Tensor, Tensor, Tensor]:
    """The lecture's objective and its parts, each a mean over the batch.

    With x and logits (batch, h, w, channels) and z_mean and z_log_var (batch, latent_dim):

        reconstruction = mean over pixels of -[x log p + (1 - x) log(1 - p)],  p = sigmoid(logits)
        KL = -1/2 sum over i of (1 + log sigma_i^2 - mu_i^2 - sigma_i^2)
        objective = reconstruction + kl_weight KL

    KL is that of N(mu, diag sigma^2) from N(0, I) (Kingma and Welling 2014, appendix B).

    Returns:
        reconstruction (nats per pixel), KL (nats per image) and objective, each a scalar.
    """
    cross_entropy = tf.nn.sigmoid_cross_entropy_with_logits(labels=x, logits=logits)
    reconstruction = tf.reduce_mean(cross_entropy)
    divergences = -tf.reduce_sum(1 + z_log_var - z_mean**2 - tf.exp(z_log_var), axis=-1) / 2
    kl = tf.reduce_mean(divergences)
    return reconstruction, kl, reconstruction + kl_weight * kl
