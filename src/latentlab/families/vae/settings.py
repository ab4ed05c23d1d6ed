"""The section ``vae`` of params.yaml."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field, ValidationInfo, field_validator

from latentlab.core.settings import Count, Counts, Rate, Section, Weight, require_rising_epochs

# Of an image in a step, on two cores with the default's networks.
SECONDS_PER_IMAGE = 0.0005


class Settings(Section):
    """The variational autoencoder and its training."""

    halvings: ClassVar = ("filters",)

    latent_dim: Count
    filters: Counts
    blocks: Literal["plain", "residual"]
    dense_units: Count
    epsilon_sigma: Annotated[float, Field(gt=0, allow_inf_nan=False)]
    reconstruction: Literal["bernoulli", "gaussian", "gaussian_optimal"]
    kl_weight: Weight | None
    free_bits: Weight
    learning_rate: Rate
    cooldown: Annotated[float, Field(ge=0, le=1)]
    batch_size: Annotated[int, Field(ge=2)]
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
        return require_rising_epochs(sample_epochs, "vae", earlier)

    def seconds(self, num_images: int) -> float:
        """About how long a training on so many images takes on two cores."""
        return SECONDS_PER_IMAGE * self.epochs * num_images
