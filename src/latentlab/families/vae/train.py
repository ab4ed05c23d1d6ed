"""The training of the variational autoencoder."""

from functools import partial

from latentlab.core import artifacts, settings
from latentlab.core.settings import Section, Seed
from latentlab.families.latents import pixels, planes
from latentlab.families.training import training_run
from latentlab.families.vae.family import VAE
from latentlab.families.vae.model.learner import Vae
from latentlab.families.vae.model.networks import Architecture, build_decoder, build_encoder
from latentlab.families.vae.model.objectives import RECONSTRUCTIONS, Objective, weight_of_kl
from latentlab.families.vae.model.sampler import Sampler
from latentlab.families.vae.settings import Settings
from latentlab.learning.batches import Shuffled
from latentlab.learning.conditioning import count_classes, given
from latentlab.learning.descent import adam, cooled_down
from latentlab.learning.halvings import require_fit
from latentlab.learning.loop import Schedule
from latentlab.learning.randomness import derive_seed


class Read(Section):
    """What this training reads of params.yaml."""

    seed: Seed
    vae: Settings


def train() -> None:
    """Train encoder and decoder, and write them with what was drawn of latent space on the way."""
    read = settings.load_part(Read)
    seed, own = read.seed, read.vae
    train = artifacts.load_images("train"), artifacts.load_labels("train")
    validation = artifacts.load_images("validation"), artifacts.load_labels("validation")
    require_fit("vae.filters", own.filters, train[0].shape[1:])
    num_classes = count_classes(train[1], "vae.conditional") if own.conditional else 0
    seen = 2 if own.conditional else 1
    feed = Shuffled(train[:seen], own.batch_size, derive_seed(seed, "vae", "batches"))
    shape = Architecture(
        latent_dim=own.latent_dim,
        filters=own.filters,
        blocks=own.blocks,
        dense_units=own.dense_units,
        image_shape=train[0].shape[1:],
        num_classes=num_classes,
    )
    steps = len(feed.order(1))
    with training_run("vae") as run:
        learner = Vae(
            encoder=build_encoder(shape, derive_seed(seed, "vae", "encoder")),
            sampler=Sampler(own.epsilon_sigma, derive_seed(seed, "vae", "sampler")),
            decoder=build_decoder(shape, derive_seed(seed, "vae", "decoder")),
            optimizer=adam(cooled_down(own.learning_rate, own.epochs * steps, own.cooldown)),
            objective=Objective(
                kl_weight=weight_of_kl(own.kl_weight, train[0][0].size),
                reconstruction=RECONSTRUCTIONS[own.reconstruction],
                free_nats=own.free_bits,
                warmup_steps=own.kl_warmup_epochs * steps,
            ),
        )
        shown = [part[: planes.GLIMPSE_IMAGES] for part in validation]
        # Of a decoder that is told the class, what it makes of the first.
        glimpse = partial(planes.glimpse, learner.encoder, given(learner.decoder, 0), *shown)
        draw = dict.fromkeys(own.sample_epochs, glimpse)
        run.fit(learner, feed, validation[:seen], Schedule(own.epochs, draw))
        run.save({"encoder": learner.encoder, "decoder": learner.decoder}, train[0])
        if own.reconstruction == "gaussian_optimal":
            pixels.save_sigma(VAE.folder, learner.fit_sigma(*train[:seen]))
