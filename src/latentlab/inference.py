"""What trained models make of arrays, in batches: arrays in, arrays out."""

from typing import Any

import keras
import numpy as np
import numpy.typing as npt

BATCH_SIZE = 250


def generate(model: keras.Model, latents: npt.NDArray[np.float32]) -> npt.NDArray[np.uint8]:
    """Images of a decoder or generator from latents (n, latent_dim): uint8 (n, height, width, channels)."""
    return to_uint8(model.predict(latents, batch_size=BATCH_SIZE, verbose=0))


def draw_latents(count: int, latent_dim: int, seed: int) -> npt.NDArray[np.float32]:
    """Draws from the prior N(0, I): float32 (count, latent_dim)."""
    return np.random.default_rng(seed).standard_normal((count, latent_dim), dtype=np.float32)


def predict(model: keras.Model, images: npt.NDArray[np.uint8]) -> Any:
    """What a model of images float32 in [0, 1] gives for uint8 images: one array or a list of them."""
    return model.predict(to_float(images), batch_size=BATCH_SIZE, verbose=0)


def to_float(images: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
    """Pixels from 0 to 255 as float32 in [0, 1]."""
    return images.astype(np.float32) / np.float32(255)


def to_uint8(images: npt.NDArray[np.float32]) -> npt.NDArray[np.uint8]:
    """Pixels in [0, 1] as the nearest of 0 to 255."""
    return np.rint(images * 255).astype(np.uint8)
