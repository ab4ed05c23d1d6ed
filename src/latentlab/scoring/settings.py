"""What scoring reads of params.yaml: the sections ``features`` and ``evaluate``, and what goes with them."""

from typing import Annotated, Literal

from pydantic import Field, field_validator

from latentlab.core.settings import Compared, Count, Counts, Rate, Section, Seed, Share, rise

Way = Literal["gaussian", "mixture", "per_class"]
Choice = Literal["auto", "classifier", "imagenet", "random"]


class Features(Section):
    """The feature space, and the classifier whose penultimate layer it may be."""

    network: Choice
    seed: Seed
    epochs: Count
    batch_size: Count
    learning_rate: Rate
    filters: Counts
    width: Annotated[int, Field(ge=2, le=64)]
    dropout: Share
    shift: Annotated[float, Field(ge=0, le=0.5)]


class Evaluate(Section):
    """How trained models are scored."""

    num_samples: Compared
    minimum_accuracy: Annotated[float, Field(ge=0, le=1)]
    importance_samples: Counts
    importance_images: Count
    inception_weights: Annotated[str, Field(min_length=1)] | None
    samplers: Annotated[tuple[Way, ...], Field(strict=False)]
    mixture_components: Literal["classes", "bic"]

    @field_validator("importance_samples")
    @classmethod
    def _rise(cls, importance_samples: tuple[int, ...]) -> tuple[int, ...]:
        if not rise(importance_samples):
            raise ValueError("expected rising numbers")
        return importance_samples

    @field_validator("samplers")
    @classmethod
    def _differ(cls, samplers: tuple[str, ...]) -> tuple[str, ...]:
        if len(set(samplers)) < len(samplers):
            raise ValueError("expected each name once")
        return samplers


class Scoring(Section):
    """What every scoring reads of params.yaml."""

    seed: Seed
    threads: Count | None
    features: Features
    evaluate: Evaluate
