"""Makes images of latents that are drawn."""

from argparse import Namespace
from collections.abc import Iterator

import numpy as np

from latentlab.commands import models, outputs
from latentlab.commands.options import IMAGES, LABELS, LATENTS
from latentlab.commands.outputs import Rows
from latentlab.interface.points import Points


def run(typed: Namespace) -> None:
    """Write images; an archive also has the latents of each, and the class if there is any."""
    model, count = models.opened(typed), typed.count

    def drawn() -> Iterator[Points]:
        return model.draws(count, label=typed.label, sampler=typed.sampler, seed=typed.seed)

    arrays = {
        IMAGES: outputs.decoded(model, drawn(), count),
        LATENTS: Rows((count, model.latent_dim), np.float32, (one.latents for one in drawn())),
    }
    if next(drawn()).labels is not None:
        labels = (one.labels for one in drawn() if one.labels is not None)
        arrays[LABELS] = Rows((count,), np.uint8, labels)
    # A column for each class, where these come in turn.
    num_columns = model.num_classes if typed.label is None else 0
    outputs.save(typed.out, arrays, num_columns)
