"""One typed, frozen, validated view of ``params.yaml``; the only reader of it."""

import json
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from ruamel.yaml import YAML, YAMLError

from latentlab.errors import ParamsError

Seed = Annotated[int, Field(ge=0, lt=2**32)]
Count = Annotated[int, Field(ge=1)]
Rate = Annotated[float, Field(gt=0, le=1, allow_inf_nan=False)]
Share = Annotated[float, Field(ge=0, lt=1, allow_inf_nan=False)]
Filters = Annotated[tuple[Count, ...], Field(min_length=1)]


class Section(BaseModel):
    """What all sections share: no unknown key, no change after loading, no coercion of types."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Data(Section):
    """Which images are used, and how they are split."""

    source: Literal["mnist_sample", "mnist", "fashion_mnist", "idx"]
    path: Annotated[str, Field(min_length=1)] | None
    limit: Annotated[int, Field(ge=30)] | None
    split_seed: Seed

    @model_validator(mode="after")
    def _path_fits_source(self) -> Self:
        if (self.source == "idx") != (self.path is not None):
            raise ValueError("data.path must be a folder when data.source is idx, and null otherwise")
        return self


class Features(Section):
    """The classifier whose penultimate layer is the feature space."""

    seed: Seed
    epochs: Count
    batch_size: Count
    learning_rate: Rate
    filters: Filters
    width: Annotated[int, Field(ge=2, le=64)]
    dropout: Share
    shift: Annotated[float, Field(ge=0, le=0.5)]


class Vae(Section):
    """The variational autoencoder and its training."""

    latent_dim: Count
    filters: Filters
    dense_units: Count
    epsilon_sigma: Annotated[float, Field(gt=0, allow_inf_nan=False)]
    kl_weight: Annotated[float, Field(ge=0, allow_inf_nan=False)]
    learning_rate: Rate
    batch_size: Count
    epochs: Count


class Gan(Section):
    """The generative adversarial network and its training."""

    latent_dim: Count
    generator_filters: Count
    discriminator_filters: Count
    batch_norm: bool
    dropout: Share
    generator_learning_rate: Rate
    discriminator_learning_rate: Rate
    beta_1: Share
    batch_size: Annotated[int, Field(ge=2, multiple_of=2)]
    epochs: Count
    steps_per_epoch: Count | None
    share_fakes: bool
    average_decay: Share
    sample_epochs: Annotated[tuple[Count, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _sample_epochs_rise(self) -> Self:
        epochs = self.sample_epochs
        if list(epochs) != sorted(set(epochs)) or epochs[-1] > self.epochs:
            raise ValueError("gan.sample_epochs must rise and end at gan.epochs or before")
        return self


class Evaluate(Section):
    """How the trained models are scored."""

    num_samples: Annotated[int, Field(ge=100)]
    minimum_accuracy: Annotated[float, Field(ge=0, le=1)]


class Params(Section):
    """All of ``params.yaml``: one field for each of its sections."""

    seed: Seed
    threads: Count | None
    data: Data
    features: Features
    vae: Vae
    gan: Gan
    evaluate: Evaluate


def load(path: Path = Path("params.yaml")) -> Params:
    """Read and check a params file.

    Raises:
        ParamsError: the file cannot be read, a key is unknown or missing, or a value has the
            wrong type or lies out of range; all such keys are named at once.
    """
    try:
        content = YAML(typ="safe", pure=True).load(path)
        # Through JSON, because there a list may become a tuple while every other type stays strict.
        return Params.model_validate_json(json.dumps(content))
    except ValidationError as error:
        raise ParamsError(_explain(path, error)) from error
    except (OSError, YAMLError, UnicodeDecodeError, TypeError, ValueError, RecursionError) as error:
        raise ParamsError(f"{path}: expected a readable YAML file of parameters: {error}") from error


def _explain(path: Path, error: ValidationError) -> str:
    lines = [f"{path}: change these keys and run again:"]
    for problem in error.errors():
        key = ".".join(str(part) for part in problem["loc"]) or "params.yaml"
        came = "" if problem["type"] == "missing" else f", got {json.dumps(problem['input'], default=str)}"
        lines.append(f"  {key}: {problem['msg']}{came}")
    return "\n".join(lines)
