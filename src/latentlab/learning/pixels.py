"""What a pixel is, given z: one home for what the loss in training and the likelihood in scoring share."""

# Standard deviation of a pixel, in [0, 1], where pixels are normal variables: near what a small model leaves
# unexplained of a digit's.
GAUSSIAN_SIGMA = 0.2
# The least standard deviation where it is learned: a grey level. Below it, rounding alone would be explained,
# and a density has no upper bound.
LEAST_SIGMA = 1 / 255
