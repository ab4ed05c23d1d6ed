"""What trained models make of arrays, in batches: arrays in, arrays out."""

from collections.abc import Callable, Sequence
from typing import Any

import keras
import numpy as np
import numpy.typing as npt

from latentlab.core import mapped
from latentlab.core.arrays import Labels
from latentlab.learning.conditioning import num_classes_of

BATCH_SIZE = 250


def generate(
    model: keras.Model, latents: npt.NDArray[np.float32], labels: Labels | None = None
) -> npt.NDArray[np.uint8]:
    """Images of a decoder or generator from latents (n, latent_dim): uint8 (n, height, width, channels).

    Labels as in :func:`with_classes`.
    """

    def draw(inputs: Any, training: bool) -> npt.NDArray[np.uint8]:
        # Batch by batch, since floats take four times the memory.
        return to_uint8(keras.ops.convert_to_numpy(model(inputs, training=training)))

    images: npt.NDArray[np.uint8] = run(draw, *with_classes(model, latents, labels))
    return images


def draw_latents(count: int, latent_dim: int, seed: int) -> npt.NDArray[np.float32]:
    """Draws from the prior N(0, I): float32 (count, latent_dim)."""
    return np.random.default_rng(seed).standard_normal((count, latent_dim), dtype=np.float32)


def latent_dim(model: keras.Model) -> int:
    """Dimensions of the z that a decoder or generator takes, whether or not it is told the class."""
    return int(model.inputs[0].shape[-1])


def predict(model: keras.Model, images: npt.NDArray[np.uint8], labels: Labels | None = None) -> Any:
    """What a model of images float32 in [0, 1] gives for uint8 images: one array or a list of them.

    Labels as in :func:`with_classes`.
    """
    return run(model, *with_classes(model, images, labels))


def with_classes(
    model: keras.Model, inputs: npt.NDArray[Any], labels: Labels | None
) -> list[npt.NDArray[Any]]:
    """What a model takes: inputs (n, ...), and if it is told the class one-hot y (n, num_classes).

    Args:
        model: one that is told the class demands labels, others look at none.
        inputs: its first input.
        labels: the class of each, (n,).
    """
    if labels is None or not num_classes_of(model):
        return [inputs]
    return [inputs, np.eye(num_classes_of(model), dtype=np.float32)[labels]]


def run(model: Callable[..., Any], *inputs: npt.NDArray[Any]) -> Any:
    """A model's outputs in inference mode for inputs (n, ...): one array, or a list of them.

    Layer by layer, because on a few batches compiling costs more than it gains. Inputs of uint8 are pixels,
    of which a batch at a time becomes float32 in [0, 1].
    """
    batches = (slice(start, start + BATCH_SIZE) for start in range(0, len(inputs[0]), BATCH_SIZE))
    parts = [_call(model, [mapped.rows(array, batch) for array in inputs]) for batch in batches]
    if isinstance(parts[0], list | tuple):
        return [_join(outputs) for outputs in zip(*parts, strict=True)]
    return _join(parts)


def to_float(images: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
    """Pixels from 0 to 255 as float32 in [0, 1]."""
    return images.astype(np.float32) / np.float32(255)


def to_uint8(images: npt.NDArray[np.float32]) -> npt.NDArray[np.uint8]:
    """Pixels in [0, 1] as the nearest of 0 to 255."""
    return np.rint(images * 255).astype(np.uint8)


def _call(model: Callable[..., Any], inputs: list[npt.NDArray[Any]]) -> Any:
    arrays = [to_float(array) if array.dtype == np.uint8 else array for array in inputs]
    # A model of one input takes no list.
    return model(arrays if len(arrays) > 1 else arrays[0], training=False)


def _join(parts: Sequence[Any]) -> npt.NDArray[Any]:
    return np.concatenate([keras.ops.convert_to_numpy(part) for part in parts])
