"""The fit of probabilistic principal component analysis: no epochs, one eigenvalue problem."""

from latentlab.core import artifacts, settings
from latentlab.core.settings import Section
from latentlab.families.linear.family import LINEAR, NOISE
from latentlab.families.linear.model import closed_form
from latentlab.families.linear.model.networks import build_decoder, build_encoder
from latentlab.families.linear.settings import Settings
from latentlab.families.training import training_run


class Read(Section):
    """What this training reads of params.yaml."""

    linear: Settings


def train() -> None:
    """Fit the training images, and write encoder, decoder and the variance of the noise."""
    own, images = settings.load_part(Read).linear, artifacts.load_images("train")
    with training_run(LINEAR.name) as run:
        found, shape = closed_form.fit(images, own.latent_dim), images.shape[1:]
        run.save({"encoder": build_encoder(found, shape), "decoder": build_decoder(found, shape)}, images)
        artifacts.save_json(NOISE, {"noise_variance": found.noise_variance})
