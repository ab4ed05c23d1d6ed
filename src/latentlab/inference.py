"""What trained models make of arrays, in batches: arrays in, arrays out."""

from collections.abc import Callable, Sequence
from typing import Any

import keras
import numpy as np
import numpy.typing as npt

BATCH_SIZE = 250


def generate(model: keras.Model, latents: npt.NDArray[np.float32]) -> npt.NDArray[np.uint8]:
    """Images of a decoder or generator from latents (n, latent_dim): uint8 (n, height, width, channels)."""
    return to_uint8(run(model, latents))


def draw_latents(count: int, latent_dim: int, seed: int) -> npt.NDArray[np.float32]:
    """Draws from the prior N(0, I): float32 (count, latent_dim)."""
    return np.random.default_rng(seed).standard_normal((count, latent_dim), dtype=np.float32)


def predict(model: keras.Model, images: npt.NDArray[np.uint8]) -> Any:
    """What a model of images float32 in [0, 1] gives for uint8 images: one array or a list of them."""
    return run(lambda batch, training: model(to_float(batch), training=training), images)


def run(model: Callable[..., Any], inputs: npt.NDArray[Any]) -> Any:
    """A model's outputs in inference mode for inputs (n, ...): one array, or a list of them.

    Layer by layer, because on a few batches compiling costs more than it gains.
    """
    starts = range(0, len(inputs), BATCH_SIZE)
    parts = [model(inputs[start : start + BATCH_SIZE], training=False) for start in starts]
    if isinstance(parts[0], list | tuple):
        return [_join(outputs) for outputs in zip(*parts, strict=True)]
    return _join(parts)


def to_float(images: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
    """Pixels from 0 to 255 as float32 in [0, 1]."""
    return images.astype(np.float32) / np.float32(255)


def to_uint8(images: npt.NDArray[np.float32]) -> npt.NDArray[np.uint8]:
    """Pixels in [0, 1] as the nearest of 0 to 255."""
    return np.rint(images * 255).astype(np.uint8)


def _join(parts: Sequence[Any]) -> npt.NDArray[np.float32]:
    return np.concatenate([keras.ops.convert_to_numpy(part) for part in parts])
