"""Sets of images whose scores are known to be good or bad, to read others against."""

import numpy as np
import numpy.typing as npt
import scipy.ndimage

from latentlab.core.arrays import Images, Labels

# A share of the image's side: two pixels of 28, half the width of a stroke. With half as much, precision and
# density call blurred digits as good as real ones, or better.
BLUR_SIGMA = 1 / 14
# A share of the range from black to white: strong grain, through which every digit can still be read.
NOISE_SIGMA = 0.3


def blurred(images: Images) -> Images:
    """Images (n, height, width, channels) blurred by a Gaussian of 1/14 of their height and width."""
    _, height, width, _ = images.shape
    sigma = (0, BLUR_SIGMA * height, BLUR_SIGMA * width, 0)
    return _to_uint8(scipy.ndimage.gaussian_filter(images.astype(np.float32), sigma))


def noisy(images: Images, seed: int) -> Images:
    """Images (n, height, width, channels) with Gaussian noise of 0.3 of their range, cut off there."""
    noise = np.random.default_rng(seed).standard_normal(images.shape, dtype=np.float32)
    return _to_uint8(images + noise * np.float32(255 * NOISE_SIGMA))


def one_class(images: Images, labels: Labels, count: int) -> Images:
    """Up to ``count`` real images of the most frequent class alone, as after a total mode collapse."""
    frequent = np.flatnonzero(labels == np.bincount(labels).argmax())
    return images[frequent[:count]]


def _to_uint8(values: npt.NDArray[np.float32]) -> Images:
    return np.rint(np.clip(values, 0, 255)).astype(np.uint8)
