"""The GAN: its training, its epochs, and what its best generator makes of paths and classes."""

from collections.abc import Iterator

from matplotlib.figure import Figure
from PIL.Image import Image

from latentlab.core import artifacts, settings
from latentlab.core.settings import Section
from latentlab.families import arrays
from latentlab.families.gan.family import BEST, GAN
from latentlab.families.gan.settings import Settings
from latentlab.scoring import headlines
from latentlab.showing.figures import animations as moving
from latentlab.showing.figures import classes, curves, paths, samples, snapshots
from latentlab.showing.figures.curves import Panel

PANELS = (
    Panel("Losses", "loss", {"discriminator_loss": "discriminator", "generator_loss": "generator"}),
    Panel(
        "Discriminator accuracy",
        "share of images judged right",
        {
            "discriminator_accuracy_real": "real images",
            "discriminator_accuracy_generated": "generated images",
        },
        chance=0.5,
    ),
)
SNAPSHOTS = Panel("Distance to validation images", "kernel distance", {"distance": "generator"})
SNAPSHOT_SCORE = "kernel_distance"


class Read(Section):
    """What its figures read of params.yaml."""

    gan: Settings


def figures() -> Iterator[tuple[str, Figure]]:
    """All of its own, by name."""
    yield (
        "gan_curves",
        curves.curves("GAN training", PANELS, artifacts.load_json(GAN.folder / "history.json")),
    )
    yield from _same_latents()
    yield from _snapshots()
    title = f"GAN: from one sample to another{arrays.first_class(BEST.name)}"
    yield "gan_interpolations", paths.interpolations(arrays.load(BEST.name, "interpolations"), title)
    if arrays.is_conditional(BEST.name):
        images = arrays.load(BEST.name, "told_classes")
        title = "GAN: a row for each class it is told"
        yield "gan_told_classes", classes.one_a_row(images, title, range(len(images)))


def animations() -> Iterator[tuple[str, list[Image]]]:
    """Its training as it happened."""
    yield "gan_training", moving.of_samples(_samples_by_epoch(), _epochs())


def _same_latents() -> Iterator[tuple[str, Figure]]:
    """The same latents at each epoch asked for, one grid an epoch and all as a strip."""
    epochs, images = _epochs(), _samples_by_epoch()
    yield "gan_progress", samples.progress(images, epochs, "GAN: the same latents as training goes on")
    for epoch, made in zip(epochs, images, strict=True):
        yield f"gan_samples_epoch_{epoch:03d}", samples.samples(made, f"GAN: samples after epoch {epoch}")


def _snapshots() -> Iterator[tuple[str, Figure]]:
    """How far from real images each epoch was whose generator was kept, and the best beside the last.

    Nothing where that distance cannot be believed.
    """
    metrics = artifacts.load_json(artifacts.METRICS)
    if SNAPSHOT_SCORE in headlines.withheld(metrics):
        return
    scored = [(snapshot["epoch"], snapshot["distance"]) for snapshot in metrics[GAN.name]["snapshots"]]
    best = [epoch for epoch, _ in scored].index(metrics[BEST.name]["epoch"])
    made = arrays.load(GAN.name, "samples"), arrays.load(BEST.name, "samples")
    yield "gan_snapshots", snapshots.distances(scored, best, "GAN: distance of each epoch kept")
    title = "GAN: the same latents, last and best epoch"
    yield "gan_best", snapshots.last_and_best(*made, (scored[-1], scored[best]), title)


def _epochs() -> tuple[int, ...]:
    return settings.load_part(Read).gan.sample_epochs


def _samples_by_epoch() -> samples.Images:
    return artifacts.load_array(GAN.folder / "samples.npy")
