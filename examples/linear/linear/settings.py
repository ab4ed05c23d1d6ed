"""The section ``linear`` of params.yaml."""

from latentlab.core.settings import Count, Section

# Of an image, on two cores at 28 x 28 grey pixels, where the covariance takes most of the time.
SECONDS_PER_IMAGE = 0.0001


class Settings(Section):
    """What is to be chosen in a closed form."""

    latent_dim: Count

    def seconds(self, num_images: int) -> float:
        """About how long it takes to fit so many images on two cores."""
        return SECONDS_PER_IMAGE * num_images
