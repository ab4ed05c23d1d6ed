"""Makes the images on the way from one latent to another."""

from argparse import Namespace

import numpy as np

from latentlab.commands import encodings, inputs, models, outputs
from latentlab.commands.options import IMAGES, LABELS, LATENTS, TEST
from latentlab.core.arrays import Latents
from latentlab.core.errors import RequestError
from latentlab.families.latents.paths import WAYS
from latentlab.interface.model import Model
from latentlab.learning.randomness import derive_seed
from latentlab.trained import inference


def run(typed: Namespace) -> None:
    """Write one row of images for each way; an archive has them one row after another, with their latents."""
    model = models.opened(typed)
    start, end = _draw(model, typed.seed) if typed.between is None else _encode(model, typed)
    ways = WAYS if typed.path == "both" else [typed.path]
    rows = [model.interpolate(start, end, typed.steps, path=way, label=typed.label) for way in ways]
    arrays = {
        name: outputs.whole(np.concatenate(parts))
        for name, parts in zip((IMAGES, LATENTS, LABELS), zip(*rows, strict=True), strict=True)
        if parts[0] is not None
    }
    outputs.save(typed.out, arrays, num_columns=typed.steps)


def _encode(model: Model, typed: Namespace) -> Latents:
    """The latents of both images, (2, latent_dim); a conditional encoder is told test images' own classes."""
    return np.concatenate([_encode_one(model, name, typed.label) for name in typed.between])


def _encode_one(model: Model, name: str, label: int | None) -> Latents:
    is_index = name.isascii() and name.isdigit()
    if is_index:
        blocks, label = inputs.images([TEST], [int(name)], IMAGES, model.image_shape), None
    else:
        blocks = inputs.images([name], None, IMAGES, model.image_shape)
    found = encodings.encode(model, blocks, label)[LATENTS]
    if len(found) != 1:
        raise RequestError(
            f"--between: expected files of one image each, got {name} with {len(found)}. Name an image file, "
            "or the index of a test image."
        )
    return found


def _draw(model: Model, seed: int) -> Latents:
    """Two draws from N(0, I): (2, latent_dim)."""
    return inference.draw_latents(2, model.latent_dim, derive_seed(seed, "interpolate"))
