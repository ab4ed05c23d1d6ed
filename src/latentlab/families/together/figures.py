"""Models of several families side by side: what they encode, how they are sampled, and what they generate."""

from collections.abc import Iterator, Mapping
from typing import Any

from matplotlib.figure import Figure

from latentlab.core import artifacts
from latentlab.core.family import Family
from latentlab.families import arrays, roster
from latentlab.families.together import yardstick
from latentlab.scoring import headlines
from latentlab.showing.figures import comparison, reconstructions, regions, sampling
from latentlab.showing.figures.regions import Decoded, Region
from latentlab.showing.figures.sampling import Bar

PRIOR = "N(0, I)"


def figures() -> Iterator[tuple[str, Figure]]:
    """All that show several families, by name."""
    metrics = artifacts.load_json(artifacts.METRICS)
    encoding = [family for family in roster.FAMILIES if family.encoder]
    samplers = metrics.get("samplers", {})
    yield "reconstructions", _reconstructions(encoding)
    yield "latent_regions", regions.regions([_region(family) for family in encoding])
    yield "latent_samplers", sampling.samples(_samples(encoding, samplers))
    if metrics["protocol"]["headline"] not in headlines.withheld(metrics):
        yield "sampler_scores", _scores(metrics, samplers)
    yield "comparison", _comparison(metrics)
    yield "yardstick", yardstick.figure()


def _reconstructions(encoding: list[Family]) -> Figure:
    pairs = {family.title: arrays.load(family.name, "reconstructions") for family in encoding}
    # Of the same test images for all.
    originals, _ = pairs[encoding[0].title]
    decoded = {title: made for title, (_, made) in pairs.items()}
    return reconstructions.reconstructions(originals, decoded, "Test images and their reconstructions")


def _region(family: Family) -> Region:
    name = family.name
    inside, outside = (
        Decoded(arrays.load(name, f"{where}_plane"), arrays.load(name, where))
        for where in ("inside", "outside")
    )
    title = family.title + arrays.first_class(name)
    return Region(title, arrays.latent_dim(name), arrays.load(name, "plane"), inside, outside)


def _samples(encoding: list[Family], samplers: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Each family's images by the way in which latents are drawn."""
    return {
        family.title: {PRIOR: arrays.load(family.name, "samples")}
        | {_words(way): arrays.load(family.name, f"samples_{way}") for way in samplers.get(family.name, {})}
        for family in encoding
    }


def _scores(metrics: Mapping[str, Any], samplers: Mapping[str, Any]) -> Figure:
    score = metrics["protocol"]["headline"]
    bars = [bar for family in roster.FAMILIES for bar in _bars(family, score, metrics, samplers)]
    return sampling.scores(metrics["references"]["real"][score], bars, headlines.title(score))


def _bars(
    family: Family, score: str, metrics: Mapping[str, Any], samplers: Mapping[str, Any]
) -> Iterator[Bar]:
    """Of each way to draw a family's latents, or of each of its models where it has several."""
    for model in family.models:
        drawn = model.state if family.further else PRIOR
        for way, scores in ({drawn: metrics[model.name]} | samplers.get(model.name, {})).items():
            yield Bar(f"{family.title}: {_words(way)}", scores[score], model.colour)


def _comparison(metrics: Mapping[str, Any]) -> Figure:
    """Real images and those of each family that draws from a prior, with their scores."""
    real = metrics["references"]["real"]
    made = [
        (f"{family.title} samples", arrays.load(family.name, "samples"), metrics[family.name])
        for family in roster.FAMILIES
        if family.has_prior
    ]
    columns = [
        comparison.Column(name, images, headlines.believed(metrics, scores))
        for name, images, scores in [
            ("Real validation images", artifacts.load_images("validation"), real),
            *made,
        ]
    ]
    return comparison.comparison(columns, num_classes=len(real.get("class_histogram", ())))


def _words(way: str) -> str:
    return way.replace("_", " ")
