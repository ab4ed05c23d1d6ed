"""Which epoch of a GAN's training made the best generator, by images that it is not scored on afterwards."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

import keras

from latentlab.core.arrays import Floats, Images, Labels
from latentlab.scoring.metrics.kernel import kernel_distance
from latentlab.trained import inference

# Enough to tell epochs apart, few enough for many epochs.
MOST_SAMPLES = 1000


class Snapshot(NamedTuple):
    """An epoch, and the kernel distance of its samples to validation images: lower is better."""

    epoch: int
    distance: float


def score_snapshots(
    generators: Iterable[tuple[int, keras.Model]],
    extract: Callable[[Images], Floats],
    images: Images,
    seed: int,
    labels: Labels | None = None,
) -> list[Snapshot]:
    """The kernel distance of each epoch's samples, all from the same latents.

    Args:
        generators: epochs and their generators.
        extract: gives the features (n, d) that the distance is taken in.
        images: validation images, uint8 (n, height, width, channels); at most 1,000 are compared with as
            many samples.
        seed: of the latents.
        labels: the classes of the images, (n,), which generators that are told the class are asked for.
    """
    real = extract(images[:MOST_SAMPLES])
    snapshots = []
    for epoch, generator in generators:
        latents = inference.draw_latents(len(real), inference.latent_dim(generator), seed)
        asked = None if labels is None else labels[: len(real)]
        seen = extract(inference.generate(generator, latents, asked))
        snapshots.append(Snapshot(epoch, kernel_distance(seen, real)))
    return snapshots


def best(snapshots: Iterable[Snapshot]) -> int:
    """The epoch of the least distance; the first of several."""
    return min(snapshots, key=lambda snapshot: snapshot.distance).epoch
