"""The terms of a VAE's bound on the likelihood, for each image and in double precision."""

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float32]


def bernoulli_nats(x: FloatArray, p: FloatArray) -> npt.NDArray[np.float64]:
    """Cross-entropy of each image, summed over its pixels, in nats.

        -sum over pixels of x log p + (1 - x) log(1 - p)

    Args:
        x: pixels in [0, 1], (n, height, width, channels).
        p: decoded means in [0, 1], of the same shape.

    Returns:
        float64 (n,). Means of exactly 0 or 1, where float32 ran out of digits, count as 1e-7 off.
    """
    x, p = x.astype(np.float64), np.clip(p.astype(np.float64), 1e-7, 1 - 1e-7)
    return -np.sum(x * np.log(p) + (1 - x) * np.log1p(-p), axis=(1, 2, 3))


def gaussian_kl(z_mean: FloatArray, z_log_var: FloatArray) -> npt.NDArray[np.float64]:
    """KL divergence of N(z_mean, exp(z_log_var)) from N(0, I), in nats, for each latent dimension.

        1/2 (mu^2 + sigma^2 - 1 - log sigma^2)      (Kingma and Welling 2014, appendix B)

    Returns:
        float64 of the arguments' shape, (n, latent_dim).
    """
    mean, log_var = z_mean.astype(np.float64), z_log_var.astype(np.float64)
    return (mean**2 + np.exp(log_var) - 1 - log_var) / 2
