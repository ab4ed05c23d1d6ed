"""The sigma of pixels that are normal variables, once a model is trained."""

import math
from collections.abc import Callable
from typing import Any

import numpy.typing as npt
import tensorflow as tf

from latentlab.families.vae.model.objectives import squared_error
from latentlab.learning.descent import means, to_float
from latentlab.learning.pixels import LEAST_SIGMA
from latentlab.learning.tensors import Tensor


def fit_sigma(decode: Callable[..., Tensor], *arrays: npt.NDArray[Any]) -> float:
    """The sigma under which images are likeliest, given their latents; at least ``LEAST_SIGMA``.

        sigma^2 = mean over images and pixels of (x - p)^2      (Rybkin et al. 2021, the optimal sigma)

    Args:
        decode: a batch of each array to logits, (batch, h, w, channels).
        arrays: images, uint8 (n, h, w, channels), and what else ``decode`` takes, (n, ...).

    Returns:
        On the scale of pixels in [0, 1].
    """

    def squares(images: Tensor, *others: Tensor) -> Tensor:
        return tf.stack([squared_error(to_float(images), decode(images, *others))])

    [found] = means(tf.function(squares), *arrays)
    return max(LEAST_SIGMA, math.sqrt(found))
