"""What generator and discriminator minimise: a table of losses by their names in params.yaml.

All losses take the discriminator's outputs before any activation, (batch, 1), for real and for generated
images, and are means over the batch.
"""

from collections.abc import Callable, Mapping
from typing import NamedTuple

import tensorflow as tf

from latentlab.learning.devices import over_all
from latentlab.learning.tensors import Tensor


class Objective(NamedTuple):
    """What both sides of the game minimise.

    Attributes:
        discriminator: its loss, of outputs for real and for generated images.
        generator: its loss, of outputs for generated images, and if it is ``relative`` for as many real ones.
        boundary: the output above which an image counts as judged real, of both kinds' outputs.
        activation: what turns outputs into those of the saved discriminator.
        relative: whether the generator's loss compares generated images with real ones.
        gradient_penalty: the weight of ``penalty.gradient_penalty``; 0 for none.
        r1, r2: the weights of ``penalty.zero_centred`` on real and on generated images; 0 for none.
    """

    discriminator: Callable[[Tensor, Tensor], Tensor]
    generator: Callable[..., Tensor]
    boundary: Callable[[Tensor, Tensor], Tensor | float]
    activation: str = "linear"
    relative: bool = False
    gradient_penalty: float = 0.0
    r1: float = 0.0
    r2: float = 0.0


def cross_entropy(logits: Tensor, label: float) -> Tensor:
    """Mean binary cross-entropy, in nats, of logits (batch, 1) against one label for all, 0 or 1."""
    labels = tf.fill(tf.shape(logits), label)
    return tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(labels=labels, logits=logits))


def tell_apart(real: Tensor, generated: Tensor) -> Tensor:
    """The cross-entropy of right answers, in nats, over both kinds (Goodfellow et al. 2014, equation 1)."""
    return (cross_entropy(real, 1.0) + cross_entropy(generated, 0.0)) / 2


def pass_for_real(generated: Tensor) -> Tensor:
    """-log p(real), in nats: the non-saturating loss (Goodfellow et al. 2014, section 3)."""
    return cross_entropy(generated, 1.0)


def squares_to_labels(real: Tensor, generated: Tensor) -> Tensor:
    """1/2 E (D(x) - 1)^2 + 1/2 E D(G(z))^2      (Mao et al. 2017, equation 9)."""
    return (tf.reduce_mean((real - 1) ** 2) + tf.reduce_mean(generated**2)) / 2


def squares_to_real(generated: Tensor) -> Tensor:
    """1/2 E (D(G(z)) - 1)^2      (Mao et al. 2017, equation 9)."""
    return tf.reduce_mean((generated - 1) ** 2) / 2


def margins(real: Tensor, generated: Tensor) -> Tensor:
    """E max(0, 1 - D(x)) + E max(0, 1 + D(G(z)))      (Miyato et al. 2018, equation 16)."""
    return tf.reduce_mean(tf.nn.relu(1 - real)) + tf.reduce_mean(tf.nn.relu(1 + generated))


def difference(real: Tensor, generated: Tensor) -> Tensor:
    """E D(G(z)) - E D(x), minus the Wasserstein distance as estimated (Arjovsky et al. 2017, equation 2)."""
    return tf.reduce_mean(generated) - tf.reduce_mean(real)


def raise_output(generated: Tensor) -> Tensor:
    """-E D(G(z))      (Miyato et al. 2018, equation 17; Gulrajani et al. 2017, algorithm 1)."""
    return -tf.reduce_mean(generated)


def more_real(real: Tensor, generated: Tensor) -> Tensor:
    """E softplus(D(G(z)) - D(x)), over pairs      (Jolicoeur-Martineau 2019, section 4.2).

    With both zero-centred penalties it is the loss of Huang et al. 2024, section 2.
    """
    return tf.reduce_mean(tf.nn.softplus(generated - real))


def less_generated(generated: Tensor, real: Tensor) -> Tensor:
    """E softplus(D(x) - D(G(z))), the other side of :func:`more_real`."""
    return more_real(generated, real)


def zero(real: Tensor, generated: Tensor) -> float:
    """The boundary of an output whose sign is the answer."""
    return 0.0


def half(real: Tensor, generated: Tensor) -> float:
    """The boundary of an output that is drawn to 1 for real and to 0 for generated images."""
    return 0.5


def midpoint(real: Tensor, generated: Tensor) -> Tensor:
    """Halfway between the batch's two means, for an output to which any constant may be added."""
    return over_all((tf.reduce_mean(real) + tf.reduce_mean(generated)) / 2)


OBJECTIVES: Mapping[str, Objective] = {
    "non_saturating": Objective(tell_apart, pass_for_real, zero, activation="sigmoid"),
    "least_squares": Objective(squares_to_labels, squares_to_real, half),
    "hinge": Objective(margins, raise_output, zero),
    # The penalty's weight is that of Gulrajani et al. 2017, section 4.
    "wasserstein_gp": Objective(difference, raise_output, midpoint, gradient_penalty=10.0),
    "relativistic": Objective(more_real, less_generated, midpoint, relative=True),
}
