"""What the network of ImageNet sees in images: arrays in, arrays out."""

from typing import Any

import keras
import numpy as np
import numpy.typing as npt
import tensorflow as tf

from latentlab.core import mapped
from latentlab.core.arrays import Images
from latentlab.learning.tensors import Tensor
from latentlab.scoring.imagenet.network import NUM_FEATURES

# A smaller one than the network was trained at, which makes it twelve times as quick.
SIDE = 64
# Fewer are slower, and so are more, which no longer fit the processor's cache.
BATCH_SIZE = 32
# The kernel distance divides products of features by their number and adds 1. With this norm it adds 1 to the
# cosine of two images; with a norm of 1 it would add it to next to nothing, and all kernels would be alike.
NORM = NUM_FEATURES**0.5


class Extractor:
    """Features of images, all of norm sqrt(1280), from the network in inference mode."""

    def __init__(self, network: keras.Model) -> None:
        """Look through ``network``, as ``weights.load`` gives it."""
        self._network = network
        self._look = tf.function(
            self._features, input_signature=[tf.TensorSpec((None, None, None, None), tf.uint8)]
        )

    def extract(self, images: Images) -> npt.NDArray[np.float32]:
        """Features (n, 1280) of uint8 images (n, height, width, channels) of 1 or 3 channels.

        Raises:
            ValueError: the images are no such array.
        """
        if images.dtype != np.uint8 or images.ndim != 4 or images.shape[3] not in (1, 3):
            raise ValueError(
                "expected uint8 images (n, height, width, 1 or 3 channels), "
                f"got {images.dtype} {images.shape}"
            )
        features = np.empty((len(images), NUM_FEATURES), np.float32)
        for start in range(0, len(images), BATCH_SIZE):
            batch = slice(start, start + BATCH_SIZE)
            features[batch] = self._look(mapped.rows(images, batch))
        return features

    def _features(self, images: Any) -> Tensor:
        return NORM * tf.math.l2_normalize(self._network(prepare(images), training=False), axis=1)


def prepare(images: Any) -> Tensor:
    """Images as the network sees them: float32 (n, 64, 64, 3) in [-127 / 128, 1].

    They are resized bilinearly; where they get smaller all pixels count, as Parmar et al. 2022 advise.

    Args:
        images: uint8 (n, height, width, channels) of 1 or 3 channels; grey ones are repeated.
    """
    resized = tf.image.resize(images, (SIDE, SIDE), antialias=True)
    coloured = tf.broadcast_to(resized, (tf.shape(resized)[0], SIDE, SIDE, 3))
    return (coloured - 127) / 128
