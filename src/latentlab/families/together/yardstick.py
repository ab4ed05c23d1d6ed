"""The yardstick as a figure draws it: degraded real images, and their distances in the chosen features."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from latentlab.core import artifacts
from latentlab.scoring.yardstick import trust
from latentlab.showing.figures import yardstick
from latentlab.showing.figures.yardstick import Ladder, Levels

SCORE = trust.JUDGED_BY
# How steps are told in which no image changes.
TOLD = {"classes": "{:.0%} of\nthe classes", "copies": "{:.0%}\ncopies"}

# The scores of each step of each ladder.
Steps = Mapping[str, Sequence[Mapping[str, Any]]]


def figure() -> Figure:
    """What the network sees whose features were chosen."""
    found = artifacts.load_json(artifacts.YARDSTICK)
    measured = found["networks"][found["network"]]
    ladders = sorted(_ladders(measured["ladders"]), key=lambda ladder: ladder.images is None)
    title = f"Real images made worse, as the {found['network']} network sees them"
    return yardstick.ladders(ladders, levels(measured["real"], measured["ladders"]), title)


def levels(real: Mapping[str, Any], ladders: Steps) -> Levels:
    """What the distances of each step are read against."""
    return Levels(real[SCORE], real["intervals"][SCORE], *trust.slight_and_destroyed(real, ladders))


def _ladders(scored: Steps) -> Iterator[Ladder]:
    drawn = artifacts.load_arrays(artifacts.ladders_path())
    for name, steps in scored.items():
        images = None
        if name in drawn:
            real = artifacts.load_images("validation")[: drawn[name].shape[1]]
            images = np.concatenate([real[np.newaxis], drawn[name]])
        yield Ladder(
            name,
            [TOLD.get(name, "{:g}").format(step["strength"]) for step in steps],
            [step[SCORE] for step in steps],
            [step["intervals"][SCORE] for step in steps],
            images,
        )
