"""The section ``gan`` of params.yaml."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field, ValidationInfo, field_validator

from latentlab.core.settings import Count, Counts, Rate, Section, Share, Weight, require_rising_epochs

# Of an image in a step, on two cores with a generator of 32 filters; more of those take longer in proportion.
SECONDS_PER_IMAGE = 0.001
MEASURED_FILTERS = 32


class Settings(Section):
    """The generative adversarial network and its training."""

    halvings: ClassVar = ("generator_filters", "discriminator_filters")
    parts_of_batch: ClassVar = 2

    latent_dim: Count
    generator_filters: Counts
    discriminator_filters: Counts
    blocks: Literal["plain", "residual", "sngan"]
    conditional: bool
    objective: Literal["non_saturating", "least_squares", "hinge", "wasserstein_gp", "relativistic"]
    r1: Weight
    r2: Weight
    augmentations: Annotated[tuple[Literal["flip", "colour", "shift", "cutout"], ...], Field(strict=False)]
    spectral_norm: bool
    batch_norm: bool
    dropout: Share
    generator_learning_rate: Rate
    discriminator_learning_rate: Rate
    beta_1: Share
    batch_size: Annotated[int, Field(ge=4, multiple_of=2)]
    epochs: Count
    steps_per_epoch: Count | None
    share_fakes: bool
    average_decay: Share
    sample_epochs: Counts
    snapshot_every: Count

    @field_validator("sample_epochs")
    @classmethod
    def _rise(cls, sample_epochs: tuple[int, ...], earlier: ValidationInfo) -> tuple[int, ...]:
        return require_rising_epochs(sample_epochs, "gan", earlier)

    def seconds(self, num_images: int) -> float:
        """About how long a training on so many images takes on two cores."""
        steps = self.epochs * (self.steps_per_epoch or num_images // self.batch_size)
        size = max(self.generator_filters) / MEASURED_FILTERS
        return SECONDS_PER_IMAGE * steps * self.batch_size * size
