"""Makes images of latents that are drawn."""

from argparse import Namespace
from collections.abc import Iterator

import keras
import numpy as np

from latentlab.commands import draws, networks, outputs
from latentlab.commands.draws import Draw
from latentlab.commands.options import IMAGES, LABELS, LATENTS
from latentlab.commands.outputs import Rows
from latentlab.commands.points import Points
from latentlab.core.errors import CommandError
from latentlab.learning.conditioning import num_classes_of
from latentlab.trained.inference import latent_dim


def run(typed: Namespace) -> None:
    """Write images; an archive also has the latents of each, and the class if there is any."""
    decoder = networks.load_generative(typed.model, typed.origin)
    draw = _choose(decoder, typed)

    def drawn() -> Iterator[Points]:
        return map(draw, draws.stretches(typed.count, typed.seed))

    arrays = {
        IMAGES: outputs.decoded(decoder, drawn(), typed.count),
        LATENTS: Rows((typed.count, latent_dim(decoder)), np.float32, (one.latents for one in drawn())),
    }
    if next(drawn()).labels is not None:
        labels = (one.labels for one in drawn() if one.labels is not None)
        arrays[LABELS] = Rows((typed.count,), np.uint8, labels)
    # A column for each class, where these come in turn.
    num_columns = num_classes_of(decoder) if typed.label is None else 0
    outputs.save(typed.out, arrays, num_columns)


def _choose(decoder: keras.Model, typed: Namespace) -> Draw:
    """The way to draw that is asked for, or that a class needs."""
    fits_class = typed.label is None or num_classes_of(decoder) or not networks.has_encoder(typed.model)
    way = typed.sampler or ("prior" if fits_class else "per_class")
    if not fits_class and way != "per_class":
        raise CommandError(
            f"--sampler: expected per_class, which alone draws latents of one class, because {typed.model} "
            f"is not told the class; got {way}. Leave --sampler or --class out."
        )
    if way == "prior":
        return draws.prior(decoder, typed.label)
    return draws.fitted(decoder, draws.load(way, typed.model, typed.origin), typed.label)
