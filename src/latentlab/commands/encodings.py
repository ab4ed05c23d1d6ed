"""What an encoder makes of images that are read block by block."""

from collections.abc import Iterable
from typing import Any

import keras
import numpy as np
import numpy.typing as npt

from latentlab.commands import classes
from latentlab.commands.inputs import Block
from latentlab.commands.options import LABELS, LATENTS
from latentlab.trained import inference


def encode(encoder: keras.Model, blocks: Iterable[Block], label: int | None) -> dict[str, npt.NDArray[Any]]:
    """Encodings by name.

    Args:
        encoder: images to latents.
        blocks: images.
        label: the class that a conditional encoder is told of all; None for their own labels.

    Returns:
        ``latents``, float32 (n, latent_dim), the means where the encoder gives distributions; ``z_log_var``,
        of the same shape, of such an encoder alone; ``labels``, uint8 (n,), where there are any.

    Raises:
        CommandError: the encoder expects a class and there is none.
    """
    parts = [_encode(encoder, block, label) for block in blocks]
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def _encode(encoder: keras.Model, block: Block, label: int | None) -> dict[str, npt.NDArray[Any]]:
    told = classes.told(encoder, len(block.images), label, block.labels)
    made = inference.predict(encoder, block.images, told)
    names = (LATENTS, "z_log_var") if isinstance(made, list) else (LATENTS,)
    arrays = dict(zip(names, made if isinstance(made, list) else [made], strict=True))
    labels = block.labels if told is None else told
    return arrays if labels is None else arrays | {LABELS: labels}
