"""What a model makes of images that are read block by block."""

from collections.abc import Iterable
from typing import Any

import numpy as np
import numpy.typing as npt

from latentlab.commands import models
from latentlab.commands.inputs import Block
from latentlab.commands.options import LABELS, LATENTS
from latentlab.interface import classes
from latentlab.interface.model import Model


def encode(model: Model, blocks: Iterable[Block], label: int | None) -> dict[str, npt.NDArray[Any]]:
    """Encodings by name.

    Args:
        model: one with an encoder.
        blocks: images.
        label: the class that a conditional encoder is told of all; None for their own labels.

    Returns:
        ``latents``, float32 (n, latent_dim), the means where the encoder gives Gaussians; ``z_log_var``, of
        the same shape, of such an encoder alone; ``labels``, uint8 (n,), where there are any.

    Raises:
        RequestError: the encoder expects a class and there is none.
    """
    parts = [_encode(model, block, label) for block in blocks]
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def _encode(model: Model, block: Block, label: int | None) -> dict[str, npt.NDArray[Any]]:
    chosen = models.chosen(model, label, block.labels)
    told = classes.told(model.num_classes, len(block.images), chosen)
    if model.has_posterior:
        arrays = dict(zip((LATENTS, "z_log_var"), model.posterior(block.images, told), strict=True))
    else:
        arrays = {LATENTS: model.encode(block.images, told)}
    labels = block.labels if told is None else told
    return arrays if labels is None else arrays | {LABELS: labels}
