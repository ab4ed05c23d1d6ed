"""What the Inception network sees in images: arrays in, arrays out."""

from typing import Any

import keras
import numpy as np
import numpy.typing as npt
import tensorflow as tf
from tqdm import tqdm

from latentlab.core.arrays import Images
from latentlab.scoring.inception.network import SIDE

Features = npt.NDArray[np.float32]

# More take more memory and are no faster.
BATCH_SIZE = 16


class InceptionExtractor:
    """Features of images, from the network in inference mode."""

    def __init__(self, network: keras.Model) -> None:
        """Look through ``network``, as ``network.build`` makes it."""
        self._network = network
        self._look = tf.function(
            self._features, input_signature=[tf.TensorSpec((None, None, None, None), tf.uint8)]
        )

    def extract(self, images: Images, progress: tqdm) -> Features:
        """Features (n, 2048) of uint8 images (n, height, width, channels) of 1 or 3 channels."""
        parts = []
        for start in range(0, len(images), BATCH_SIZE):
            batch = images[start : start + BATCH_SIZE]
            parts.append(self._look(batch).numpy())
            progress.update(len(batch))
        return np.concatenate(parts)

    def _features(self, images: Any) -> Any:
        return self._network(prepare(images), training=False)


def prepare(images: Any) -> Any:
    """Images as the network was trained to see them: float32 (n, 299, 299, 3) in [-1, 1).

    They are resized as TensorFlow 1 did it, where the first pixels of both images lie on each other rather
    than their corners (Parmar et al. 2022 show how much another way changes the distance).

    Args:
        images: uint8 (n, height, width, channels) of 1 or 3 channels; grey ones are repeated.
    """
    resized = tf.raw_ops.ResizeBilinear(
        images=tf.cast(images, tf.float32), size=(SIDE, SIDE), align_corners=False, half_pixel_centers=False
    )
    coloured = tf.broadcast_to(resized, (*tf.unstack(tf.shape(resized)[:3]), 3))
    return (coloured - 128) * 0.0078125
