"""Draw every figure of the report from what earlier stages computed."""

from collections.abc import Iterator
from typing import Any

from latentlab import stage

with stage.imports():
    import numpy as np
    import numpy.typing as npt
    from matplotlib.figure import Figure
    from PIL.Image import Image

    from latentlab import artifacts, headlines, params
    from latentlab.figures import (
        animations,
        classes,
        comparison,
        curves,
        formation,
        latents,
        reconstructions,
        samples,
        snapshots,
    )


def main() -> None:
    """Save each figure as a PNG under its name, and the scores that `dvc plots` draws."""
    for figures in (
        vae_latents(),
        vae_images(),
        vae_epochs(),
        gan_images(),
        gan_epochs(),
        told_classes(),
        training_curves(),
        comparisons(),
    ):
        for name, figure in figures:
            artifacts.save_figure(artifacts.FIGURES / f"{name}.png", figure)
    for name, frames in trainings():
        artifacts.save_animation(artifacts.FIGURES / f"{name}.gif", frames)
    artifacts.save_json(artifacts.SCORES, headlines.sets(artifacts.load_json(artifacts.METRICS)))


def vae_latents() -> Iterator[tuple[str, Figure]]:
    """The plane of latents: the test images on it, and what is decoded from it."""
    latent_dim = _array("vae_latents").shape[1]
    yield (
        "vae_latent_scatter",
        latents.scatter(_array("vae_plane"), artifacts.load_labels("test"), latent_dim),
    )
    for name, title in (
        ("vae_manifold", "VAE manifold over ±15 epsilon_sigma"),
        ("vae_manifold_used", "VAE manifold where test images lie\n(1st to 99th percentile of each axis)"),
    ):
        yield name, latents.manifold(_array(name), _array(f"{name}_axes"), title, latent_dim)


def vae_images() -> Iterator[tuple[str, Figure]]:
    """What the VAE makes of test images, and of the prior."""
    yield "vae_reconstructions", reconstructions.reconstructions(_array("vae_reconstructions"))
    yield "vae_samples", samples.samples(_array("vae_samples"), "VAE: images decoded from the prior")


def vae_epochs() -> Iterator[tuple[str, Figure]]:
    """The latent space at each epoch asked for."""
    yield "vae_progress", formation.formation(*_latent_space(), params.load().vae.sample_epochs)


def trainings() -> Iterator[tuple[str, list[Image]]]:
    """Both trainings as they happened."""
    settings = params.load()
    drawn = artifacts.load_array(artifacts.GAN / "samples.npy")
    yield "gan_training", animations.of_samples(drawn, settings.gan.sample_epochs)
    yield "vae_training", animations.of_latent_space(*_latent_space(), settings.vae.sample_epochs)


def gan_images() -> Iterator[tuple[str, Figure]]:
    """The same latents at each epoch asked for, one grid an epoch and all as a strip."""
    epochs = params.load().gan.sample_epochs
    images = artifacts.load_array(artifacts.GAN / "samples.npy")
    yield "gan_progress", samples.progress(images, epochs)
    for epoch, made in zip(epochs, images, strict=True):
        yield f"gan_samples_epoch_{epoch:03d}", samples.samples(made, f"GAN: samples after epoch {epoch}")


def gan_epochs() -> Iterator[tuple[str, Figure]]:
    """How far from real images each epoch was whose generator was kept, and the best beside the last."""
    metrics = artifacts.load_json(artifacts.METRICS)
    scored = [(snapshot["epoch"], snapshot["distance"]) for snapshot in metrics["gan"]["snapshots"]]
    best = [epoch for epoch, _ in scored].index(metrics["gan_best"]["epoch"])
    last_and_best = (scored[-1], scored[best])
    yield "gan_snapshots", snapshots.distances(scored, best)
    yield (
        "gan_best",
        snapshots.last_and_best(_array("gan_samples"), _array("gan_best_samples"), last_and_best),
    )


def told_classes() -> Iterator[tuple[str, Figure]]:
    """Of models that are told the class, one row a class, and the VAE's latents under other classes."""
    for model in ("vae", "gan"):
        name, title = f"{model}_told_classes", f"{model.upper()}: a row for each class it is told"
        if _has(name):
            yield name, classes.by_class(_array(name), title)
    if _has("vae_styles"):
        yield "vae_styles", classes.styles(_array("vae_styles"))


def training_curves() -> Iterator[tuple[str, Figure]]:
    """Losses and accuracies by epoch."""
    yield "vae_curves", curves.vae_curves(artifacts.load_json(artifacts.VAE / "history.json"))
    yield "gan_curves", curves.gan_curves(artifacts.load_json(artifacts.GAN / "history.json"))


def comparisons() -> Iterator[tuple[str, Figure]]:
    """Real images and each model's, with their scores."""
    metrics = artifacts.load_json(artifacts.METRICS)
    scored = (
        ("Real validation images", artifacts.load_images("validation"), metrics["references"]["real"]),
        ("VAE samples", _array("vae_samples"), metrics["vae"]),
        ("GAN samples", _array("gan_samples"), metrics["gan"]),
    )
    panels = [
        comparison.Panel(name, images, scores["frechet_distance"], scores.get("classes_covered"))
        for name, images, scores in scored
    ]
    num_classes = len(metrics["vae"].get("class_histogram", ()))
    yield "comparison", comparison.comparison(panels, num_classes)


def _has(name: str) -> bool:
    return (artifacts.ARRAYS / f"{name}.npy").exists()


def _latent_space() -> tuple[npt.NDArray[Any], npt.NDArray[Any], npt.NDArray[np.uint8]]:
    """Manifolds and planes of the VAE by epoch, and the classes of the images on the planes."""
    manifolds, planes = (
        artifacts.load_array(artifacts.VAE / f"{name}.npy") for name in ("manifolds", "planes")
    )
    return manifolds, planes, artifacts.load_labels("validation")[: planes.shape[1]]


def _array(name: str) -> npt.NDArray[Any]:
    return artifacts.load_array(artifacts.ARRAYS / f"{name}.npy")


if __name__ == "__main__":
    stage.run(main)
