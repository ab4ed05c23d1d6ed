"""One typed, frozen, validated view of ``params.yaml``; the only reader of it."""

import re
import reprlib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, ValidationInfo, field_validator
from ruamel.yaml import YAML, YAMLError
from ruamel.yaml.error import MarkedYAMLError

from latentlab.core.errors import ParamsError

Seed = Annotated[int, Field(ge=0, le=2**32 - 1)]
Count = Annotated[int, Field(ge=1)]
Rate = Annotated[float, Field(gt=0, le=1, allow_inf_nan=False)]
Weight = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Share = Annotated[float, Field(ge=0, lt=1, allow_inf_nan=False)]
# YAML has lists, and a list can be changed; what is in them stays strict.
Counts = Annotated[tuple[Count, ...], Field(min_length=1, strict=False)]
# Sources that lie where data.path says.
LOCAL = ("idx", "npz", "folder")
Sampler = Literal["gaussian", "mixture", "per_class"]
Samplers = Annotated[tuple[Sampler, ...], Field(strict=False)]
# What pydantic's errors of these types mean to a reader of YAML.
EXPECTED = {
    "missing": "a value",
    "extra_forbidden": "no such key",
    "model_type": "a section of keys",
    "tuple_type": "a list",
    "too_short": "a list of one item or more",
}


class Section(BaseModel):
    """What all sections share: no unknown key, no change after loading, no coercion of types."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Data(Section):
    """Which images are used, and how they are split."""

    source: Literal["mnist_sample", "mnist", "fashion_mnist", "idx", "npz", "folder"]
    path: Annotated[str, Field(min_length=1)] | None
    size: Annotated[int, Field(ge=8, le=256)] | None
    channels: Literal[1, 3] | None
    skip_bad_files: bool
    limit: Annotated[int, Field(ge=30)] | None
    split_seed: Seed

    @field_validator("path")
    @classmethod
    def _fits_source(cls, path: str | None, earlier: ValidationInfo) -> str | None:
        source = earlier.data.get("source")
        if source in LOCAL and path is None:
            raise ValueError(f"expected a path, because data.source is {source}")
        if source not in (*LOCAL, None) and path is not None:
            raise ValueError(f"expected null, because data.source is {source}, which has no path")
        return path


class Features(Section):
    """The classifier whose penultimate layer is the feature space."""

    seed: Seed
    epochs: Count
    batch_size: Count
    learning_rate: Rate
    filters: Counts
    width: Annotated[int, Field(ge=2, le=64)]
    dropout: Share
    shift: Annotated[float, Field(ge=0, le=0.5)]


class Vae(Section):
    """The variational autoencoder and its training."""

    latent_dim: Count
    filters: Counts
    dense_units: Count
    epsilon_sigma: Annotated[float, Field(gt=0, allow_inf_nan=False)]
    reconstruction: Literal["bernoulli", "gaussian"]
    kl_weight: Weight
    free_bits: Weight
    learning_rate: Rate
    batch_size: Count
    epochs: Count
    kl_warmup_epochs: Annotated[int, Field(ge=0)]
    conditional: bool
    sample_epochs: Counts

    @field_validator("free_bits", "kl_warmup_epochs")
    @classmethod
    def _has_a_kl(cls, value: float, earlier: ValidationInfo) -> float:
        if value > 0 and earlier.data.get("kl_weight") == 0:
            raise ValueError("expected 0, because vae.kl_weight is 0: no KL to free or warm up")
        return value

    @field_validator("kl_warmup_epochs")
    @classmethod
    def _ends(cls, kl_warmup_epochs: int, earlier: ValidationInfo) -> int:
        epochs = earlier.data.get("epochs", kl_warmup_epochs + 1)
        if kl_warmup_epochs >= epochs:
            raise ValueError(f"expected less than vae.epochs, which is {epochs}, to reach the weight")
        return kl_warmup_epochs

    @field_validator("sample_epochs")
    @classmethod
    def _rise(cls, sample_epochs: tuple[int, ...], earlier: ValidationInfo) -> tuple[int, ...]:
        return _rising_epochs(sample_epochs, "vae", earlier)


class Autoencoder(Section):
    """The training of the plain autoencoder, whose networks have the sizes of the VAE's."""

    learning_rate: Rate
    batch_size: Count
    epochs: Count


class Gan(Section):
    """The generative adversarial network and its training."""

    latent_dim: Count
    generator_filters: Count
    discriminator_filters: Count
    conditional: bool
    objective: Literal["non_saturating", "least_squares", "hinge", "wasserstein_gp"]
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
    sample_epochs: Counts
    snapshot_every: Count

    @field_validator("sample_epochs")
    @classmethod
    def _rise(cls, sample_epochs: tuple[int, ...], earlier: ValidationInfo) -> tuple[int, ...]:
        return _rising_epochs(sample_epochs, "gan", earlier)


class Evaluate(Section):
    """How the trained models are scored."""

    num_samples: Annotated[int, Field(ge=100)]
    minimum_accuracy: Annotated[float, Field(ge=0, le=1)]
    importance_samples: Counts
    importance_images: Count
    inception_weights: Annotated[str, Field(min_length=1)] | None
    samplers: Samplers
    mixture_components: Literal["classes", "bic"]

    @field_validator("importance_samples")
    @classmethod
    def _rise(cls, importance_samples: tuple[int, ...]) -> tuple[int, ...]:
        if not _rises(importance_samples):
            raise ValueError("expected rising numbers")
        return importance_samples

    @field_validator("samplers")
    @classmethod
    def _differ(cls, samplers: tuple[str, ...]) -> tuple[str, ...]:
        if len(set(samplers)) < len(samplers):
            raise ValueError("expected each name once")
        return samplers


class Params(Section):
    """All of ``params.yaml``: one field for each of its sections."""

    seed: Seed
    threads: Count | None
    data: Data
    features: Features
    vae: Vae
    autoencoder: Autoencoder
    gan: Gan
    evaluate: Evaluate


def load(path: Path = Path("params.yaml")) -> Params:
    """Read and check a params file.

    Raises:
        ParamsError: the file cannot be read, a key is unknown or missing, or a value has the
            wrong type or lies out of range; all such keys are named at once.
    """
    try:
        return _validate(path, YAML(typ="safe", pure=True).load(path))
    except (OSError, YAMLError, TypeError, ValueError, RecursionError) as error:
        # Of a mistake in YAML, the place and the problem; the rest is advice for programmers.
        reason = f"{error.problem}{error.problem_mark}" if isinstance(error, MarkedYAMLError) else error
        raise ParamsError(f"{path}: expected a readable YAML file of parameters, got: {reason}") from error


def flatten(values: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """Nested sections as one level of dotted keys: ``{"vae": {"epochs": 2}}`` as ``{"vae.epochs": 2}``."""
    flat: dict[str, Any] = {}
    for key, value in values.items():
        flat |= flatten(value, f"{prefix}{key}.") if isinstance(value, Mapping) else {f"{prefix}{key}": value}
    return flat


def _rising_epochs(epochs: tuple[int, ...], section: str, earlier: ValidationInfo) -> tuple[int, ...]:
    last = earlier.data.get("epochs", epochs[-1])
    if not _rises(epochs) or epochs[-1] > last:
        raise ValueError(f"expected rising epochs up to {section}.epochs, which is {last}")
    return epochs


def _rises(numbers: tuple[int, ...]) -> bool:
    return list(numbers) == sorted(set(numbers))


def _validate(path: Path, content: Any) -> Params:
    try:
        return Params.model_validate(content)
    except ValidationError as error:
        problems = [f"  {_describe(problem)}" for problem in error.errors()]
        raise ParamsError("\n".join([f"{path}: change these keys and run again:", *problems])) from error


def _describe(problem: Any) -> str:
    """One problem as its key, what was expected and what came."""
    key = ".".join(str(part) for part in problem["loc"]) or "the whole file"
    plain = re.sub(r"^(Value error, expected |\w+ should (be|have) )", "", problem["msg"])
    came = "nothing" if problem["type"] == "missing" else _as_yaml.repr(problem["input"])
    return f"{key}: expected {EXPECTED.get(problem['type'], plain)}, got {came}"


class _AsYaml(reprlib.Repr):
    """Values as params.yaml writes them, cut short: aliases can make a small file a giant value."""

    def repr_NoneType(self, value: None, level: int) -> str:
        return "null"

    def repr_bool(self, value: bool, level: int) -> str:
        return str(value).lower()


_as_yaml = _AsYaml()
_as_yaml.maxlevel = 1
