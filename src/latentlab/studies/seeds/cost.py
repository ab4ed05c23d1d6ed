"""About how long one run of the pipeline takes, before it is started."""

from typing import Any

from latentlab.scoring.inception import cost as inception
from latentlab.scoring.protocol import NUM_CLASSIC

# Measured on two cores with the default's networks: an image in a step of the VAE or the autoencoder, and one
# in a GAN's whose generator has 32 filters; more of those take longer in proportion.
VAE_SECONDS = 0.0005
GAN_SECONDS = 0.001
GAN_FILTERS = 32
# Loading TensorFlow for each stage, drawing, and DVC.
OVERHEAD_SECONDS = 50
# Scoring all sets of 10,000 images, which grows with their square.
SCORING_SECONDS = 60
# What the classic Inception distance is taken of, if it is: three models, the GAN's best epoch, real images.
NUM_CLASSIC_SETS = 5
# Training images of each source; where it is not known, as many as MNIST has.
TRAINING_IMAGES = {"mnist_sample": 3_000}
MOST_IMAGES = 55_000


def seconds(values: dict[str, Any]) -> float:
    """Of one seed on two cores, the order of magnitude; other layers and image sizes have other costs.

    Args:
        values: all of params.yaml.
    """
    data, gan, scoring = values["data"], values["gan"], values["evaluate"]
    passes = values["vae"]["epochs"] + values["autoencoder"]["epochs"]
    images = min(TRAINING_IMAGES.get(data["source"], MOST_IMAGES), data["limit"] or MOST_IMAGES)
    steps = gan["steps_per_epoch"] or images // gan["batch_size"]
    gan_images = gan["epochs"] * steps * gan["batch_size"]
    return (
        OVERHEAD_SECONDS
        + SCORING_SECONDS * (scoring["num_samples"] / 10_000) ** 2
        + _classic_seconds(scoring)
        + VAE_SECONDS * passes * images
        + GAN_SECONDS * gan_images * gan["generator_filters"] / GAN_FILTERS
    )


def _classic_seconds(scoring: dict[str, Any]) -> float:
    if scoring["inception_weights"] is None:
        return 0.0
    return inception.seconds(min(scoring["num_samples"], NUM_CLASSIC), NUM_CLASSIC_SETS)


def told(amount: float) -> str:
    """Seconds as a person would say them."""
    return f"{amount / 60:.0f} minutes" if amount >= 90 else f"{amount:.0f} seconds"
