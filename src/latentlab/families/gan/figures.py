"""The GAN: its training, its epochs, and what its best generator makes of paths and classes."""

from collections.abc import Iterator

from matplotlib.figure import Figure
from PIL.Image import Image

from latentlab.core import artifacts
from latentlab.families import arrays, params
from latentlab.showing.figures import animations, classes, curves, paths, samples, snapshots


def figures() -> Iterator[tuple[str, Figure]]:
    """All of its own, by name."""
    yield "gan_curves", curves.gan_curves(artifacts.load_json(artifacts.GAN / "history.json"))
    yield from _same_latents()
    yield from _snapshots()
    images = arrays.load("gan_interpolations")
    title = f"GAN: from one sample to another{arrays.first_class('gan')}"
    yield "gan_interpolations", paths.interpolations(images, title)
    if arrays.exists("gan_told_classes"):
        images = arrays.load("gan_told_classes")
        yield (
            "gan_told_classes",
            classes.by_class(images, "GAN: a row for each class it is told", range(len(images))),
        )


def training() -> list[Image]:
    """Its training as it happened."""
    return animations.of_samples(_samples_by_epoch(), params.load().gan.sample_epochs)


def _same_latents() -> Iterator[tuple[str, Figure]]:
    """The same latents at each epoch asked for, one grid an epoch and all as a strip."""
    epochs, images = params.load().gan.sample_epochs, _samples_by_epoch()
    yield "gan_progress", samples.progress(images, epochs)
    for epoch, made in zip(epochs, images, strict=True):
        yield f"gan_samples_epoch_{epoch:03d}", samples.samples(made, f"GAN: samples after epoch {epoch}")


def _snapshots() -> Iterator[tuple[str, Figure]]:
    """How far from real images each epoch was whose generator was kept, and the best beside the last."""
    metrics = artifacts.load_json(artifacts.METRICS)
    scored = [(snapshot["epoch"], snapshot["distance"]) for snapshot in metrics["gan"]["snapshots"]]
    best = [epoch for epoch, _ in scored].index(metrics["gan_best"]["epoch"])
    last, best_samples = arrays.load("gan_samples"), arrays.load("gan_best_samples")
    yield "gan_snapshots", snapshots.distances(scored, best)
    yield "gan_best", snapshots.last_and_best(last, best_samples, (scored[-1], scored[best]))


def _samples_by_epoch() -> samples.Images:
    return artifacts.load_array(artifacts.GAN / "samples.npy")
