"""What a pixel is, given z: one home for what the loss in training and the likelihood in scoring share."""

from collections.abc import Mapping

# Standard deviation of a pixel, in [0, 1], where pixels are normal variables: near what a small model leaves
# unexplained of a digit's.
GAUSSIAN_SIGMA = 0.2
# What params.yaml calls pixels whose sigma is known before the training; None is a Bernoulli variable's.
SIGMAS: Mapping[str, float | None] = {"bernoulli": None, "gaussian": GAUSSIAN_SIGMA}
# The least standard deviation where it is learned: a grey level. Below it, rounding alone would be explained,
# and a density has no upper bound.
LEAST_SIGMA = 1 / 255
