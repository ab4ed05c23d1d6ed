"""About how long one run of the pipeline takes, before it is started."""

from typing import Any

from latentlab.core.family import Family
from latentlab.families import roster
from latentlab.scoring.inception import cost as inception
from latentlab.scoring.protocol import NUM_CLASSIC

# Loading TensorFlow for each stage, the classifier, scores of few images, drawing, and DVC, on two cores.
OVERHEAD_SECONDS = 110
# Scoring all sets of 10,000 images, which grows with their square.
SCORING_SECONDS = 60
# Training images of each source; where it is not known, as many as MNIST has.
TRAINING_IMAGES = {"mnist_sample": 3_000}
MOST_IMAGES = 55_000


def seconds(values: dict[str, Any]) -> float:
    """Of one seed on two cores, the order of magnitude; other layers and image sizes have other costs.

    Args:
        values: all of params.yaml.
    """
    data, scoring = values["data"], values["evaluate"]
    images = min(TRAINING_IMAGES.get(data["source"], MOST_IMAGES), data["limit"] or MOST_IMAGES)
    return (
        OVERHEAD_SECONDS
        + SCORING_SECONDS * (scoring["num_samples"] / 10_000) ** 2
        + _classic_seconds(scoring)
        + sum(_training_seconds(family, values[family.name], images) for family in roster.FAMILIES)
    )


def _training_seconds(family: Family, values: dict[str, Any], num_images: int) -> float:
    # Unchecked, since whatever is unfit was refused before.
    settings = roster.part(family, "settings").Settings.model_construct(**values)
    return float(settings.seconds(num_images))


def _classic_seconds(scoring: dict[str, Any]) -> float:
    """Of the classic Inception distance, if it is taken: of each model, and of real images."""
    if scoring["inception_weights"] is None:
        return 0.0
    return inception.seconds(min(scoring["num_samples"], NUM_CLASSIC), len(roster.models()) + 1)


def told(amount: float) -> str:
    """Seconds as a person would say them."""
    return f"{amount / 60:.0f} minutes" if amount >= 90 else f"{amount:.0f} seconds"
