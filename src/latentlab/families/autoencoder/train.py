"""The training of the plain autoencoder."""

from latentlab.core import artifacts, settings
from latentlab.core.settings import Section, Seed
from latentlab.families.autoencoder.family import AUTOENCODER
from latentlab.families.autoencoder.model.learner import Autoencoder, build_encoder
from latentlab.families.autoencoder.settings import Settings
from latentlab.families.latents import pixels
from latentlab.families.training import training_run
from latentlab.families.vae.model.networks import Architecture, build_decoder
from latentlab.families.vae.model.objectives import RECONSTRUCTIONS
from latentlab.families.vae.settings import Settings as Vae
from latentlab.learning.batches import Shuffled
from latentlab.learning.descent import adam
from latentlab.learning.halvings import require_fit
from latentlab.learning.loop import Schedule
from latentlab.learning.randomness import derive_seed


class Read(Section):
    """What this training reads of params.yaml: sizes and pixels are the VAE's, so that the two compare."""

    seed: Seed
    autoencoder: Settings
    vae: Vae


def train() -> None:
    """Train encoder and decoder, and write them."""
    read = settings.load_part(Read)
    seed, own, shared = read.seed, read.autoencoder, read.vae
    images, validation_images = artifacts.load_images("train"), artifacts.load_images("validation")
    require_fit("vae.filters", shared.filters, images.shape[1:])
    feed = Shuffled((images,), own.batch_size, derive_seed(seed, "autoencoder", "batches"))
    shape = Architecture(
        latent_dim=shared.latent_dim,
        filters=shared.filters,
        blocks=shared.blocks,
        dense_units=shared.dense_units,
        image_shape=images.shape[1:],
    )
    with training_run("autoencoder") as run:
        learner = Autoencoder(
            encoder=build_encoder(shape, derive_seed(seed, "autoencoder", "encoder")),
            decoder=build_decoder(shape, derive_seed(seed, "autoencoder", "decoder")),
            optimizer=adam(own.learning_rate),
            reconstruction=RECONSTRUCTIONS[shared.reconstruction],
        )
        run.fit(learner, feed, (validation_images,), Schedule(own.epochs))
        run.save({"encoder": learner.encoder, "decoder": learner.decoder}, images)
        if shared.reconstruction == "gaussian_optimal":
            pixels.save_sigma(AUTOENCODER.folder, learner.fit_sigma(images))
