"""Makes the images on the way from one latent to another."""

from argparse import Namespace

import keras
import numpy as np

from latentlab.commands import classes, encodings, inputs, networks, outputs
from latentlab.commands.options import IMAGES, LATENTS, TEST
from latentlab.commands.points import Points
from latentlab.core.arrays import Latents
from latentlab.core.errors import CommandError
from latentlab.families.latents.explorer_arrays import spherical_path
from latentlab.families.latents.pictures import linear_path
from latentlab.learning.randomness import derive_seed
from latentlab.trained import inference

WAYS = {"linear": [linear_path], "spherical": [spherical_path], "both": [linear_path, spherical_path]}


def run(typed: Namespace) -> None:
    """Write one row of images for each way; an archive has them one row after another, with their latents."""
    decoder = networks.load_generative(typed.model, typed.origin)
    start, end = _encode(typed) if networks.has_encoder(typed.model) else _draw(decoder, typed.seed)
    shares = np.linspace(0, 1, typed.steps, dtype=np.float32)
    latents = np.concatenate([way(start, end, shares) for way in WAYS[typed.path]])
    told = classes.told(decoder, len(latents), typed.label, None)
    outputs.save_images(typed.out, decoder, Points(latents, told), num_columns=typed.steps)


def _encode(typed: Namespace) -> Latents:
    """The latents of both images, (2, latent_dim); a conditional encoder is told test images' own classes."""
    encoder = networks.load_encoder(typed.model, typed.origin)
    return np.concatenate([_encode_one(encoder, name, typed.label) for name in typed.between])


def _encode_one(encoder: keras.Model, name: str, label: int | None) -> Latents:
    shape, is_index = networks.image_shape(encoder), name.isascii() and name.isdigit()
    if is_index:
        blocks, label = inputs.images([TEST], [int(name)], IMAGES, shape), None
    else:
        blocks = inputs.images([name], None, IMAGES, shape)
    found = encodings.encode(encoder, blocks, label)[LATENTS]
    if len(found) != 1:
        raise CommandError(
            f"--between: expected files of one image each, got {name} with {len(found)}. Name an image file, "
            "or the index of a test image."
        )
    return found


def _draw(generator: keras.Model, seed: int) -> Latents:
    """Two draws from N(0, I): (2, latent_dim)."""
    return inference.draw_latents(2, inference.latent_dim(generator), derive_seed(seed, "interpolate"))
