"""The section ``autoencoder`` of params.yaml."""

from typing import Annotated

from pydantic import Field

from latentlab.core.settings import Count, Rate, Section

# Of an image in a step, on two cores with the default's networks.
SECONDS_PER_IMAGE = 0.0005


class Settings(Section):
    """The training of the plain autoencoder, whose networks have the sizes of the VAE's."""

    learning_rate: Rate
    batch_size: Annotated[int, Field(ge=2)]
    epochs: Count

    def seconds(self, num_images: int) -> float:
        """About how long a training on so many images takes on two cores."""
        return SECONDS_PER_IMAGE * self.epochs * num_images
