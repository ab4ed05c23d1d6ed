"""The autoencoder beside the VAE, both sampled in every way, and all models beside real images."""

from collections.abc import Iterator, Mapping
from typing import Any

from matplotlib.figure import Figure

from latentlab.core import artifacts
from latentlab.families import arrays
from latentlab.scoring import headlines
from latentlab.showing.figures import comparison, reconstructions, regions, sampling
from latentlab.showing.figures.regions import Points, Region
from latentlab.showing.figures.sampling import Bar
from latentlab.showing.figures.style import MODEL_COLOURS

ENCODING = {"autoencoder": "Autoencoder", "vae": "VAE"}
PRIOR = "N(0, I)"


def figures() -> Iterator[tuple[str, Figure]]:
    """All that show several models, by name."""
    metrics = artifacts.load_json(artifacts.METRICS)
    yield "reconstructions", _reconstructions()
    yield "latent_regions", regions.regions([_region(*model) for model in ENCODING.items()])
    samplers = metrics.get("samplers", {})
    yield "latent_samplers", sampling.samples(_samples(samplers))
    yield "sampler_scores", _scores(metrics, samplers)
    yield "comparison", _comparison(metrics)


def _reconstructions() -> Figure:
    pairs = {name: arrays.load(f"{model}_reconstructions") for model, name in ENCODING.items()}
    originals, _ = pairs["VAE"]
    decoded = {name: made for name, (_, made) in pairs.items()}
    return reconstructions.reconstructions(originals, decoded, "Test images and their reconstructions")


def _region(model: str, name: str) -> Region:
    inside, outside = (
        Points(arrays.load(f"{model}_{where}_plane"), arrays.load(f"{model}_{where}"))
        for where in ("inside", "outside")
    )
    name += arrays.first_class(model)
    return Region(name, arrays.latent_dim(model), arrays.load(f"{model}_plane"), inside, outside)


def _samples(samplers: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Each model's images by the way in which latents are drawn."""
    return {
        name: {PRIOR: arrays.load(f"{model}_samples")}
        | {_words(way): arrays.load(f"samplers_{model}_{way}_samples") for way in samplers.get(model, {})}
        for model, name in ENCODING.items()
    }


def _scores(metrics: Mapping[str, Any], samplers: Mapping[str, Any]) -> Figure:
    score = metrics["protocol"]["headline"]
    scored = [
        (model, f"{name}: {way}", scores)
        for model, name in ENCODING.items()
        for way, scores in ({PRIOR: metrics[model]} | samplers.get(model, {})).items()
    ]
    scored += [
        (model, f"GAN: {epoch} epoch", metrics[model])
        for model, epoch in (("gan", "last"), ("gan_best", "best"))
    ]
    bars = [Bar(_words(name), scores[score], MODEL_COLOURS[model]) for model, name, scores in scored]
    return sampling.scores(metrics["references"]["real"][score], bars, headlines.title(score))


def _comparison(metrics: Mapping[str, Any]) -> Figure:
    """Real images and each model's, with their scores."""
    scored = (
        ("Real validation images", artifacts.load_images("validation"), metrics["references"]["real"]),
        ("VAE samples", arrays.load("vae_samples"), metrics["vae"]),
        ("GAN samples", arrays.load("gan_samples"), metrics["gan"]),
    )
    panels = [
        comparison.Panel(name, images, scores["frechet_distance"], scores.get("classes_covered"))
        for name, images, scores in scored
    ]
    num_classes = len(metrics["vae"].get("class_histogram", ()))
    return comparison.comparison(panels, num_classes)


def _words(way: str) -> str:
    return way.replace("_", " ")
