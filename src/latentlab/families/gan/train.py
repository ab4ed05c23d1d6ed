"""The training of the generative adversarial network."""

from latentlab.core import artifacts, settings
from latentlab.core.settings import Section, Seed
from latentlab.families.gan.model.learner import Game, Gan
from latentlab.families.gan.model.networks import build_discriminator, build_generator, copy
from latentlab.families.gan.model.objectives import OBJECTIVES
from latentlab.families.gan.settings import Settings
from latentlab.families.training import training_run
from latentlab.learning import halvings
from latentlab.learning.batches import Drawn
from latentlab.learning.conditioning import count_classes
from latentlab.learning.descent import adam
from latentlab.learning.loop import Schedule
from latentlab.learning.randomness import derive_seed


class Read(Section):
    """What this training reads of params.yaml."""

    seed: Seed
    gan: Settings


def train() -> None:
    """Train both networks; write them, the untrained generator, and what was kept on the way."""
    read = settings.load_part(Read)
    seed, own = read.seed, read.gan
    images, labels = artifacts.load_images("train"), artifacts.load_labels("train")
    halvings.require_fit("gan.generator_filters", own.generator_filters, images.shape[1:])
    halvings.require_fit("gan.discriminator_filters", own.discriminator_filters, images.shape[1:])
    num_classes = count_classes(labels, "gan.conditional") if own.conditional else 0
    steps = own.steps_per_epoch or max(1, len(images) // own.batch_size)
    seen = (images, labels) if own.conditional else (images,)
    feed = Drawn(seen, own.batch_size // 2, steps, derive_seed(seed, "gan", "batches"))
    with training_run("gan") as run:
        learner = build_learner(own, seed, images.shape[1:], num_classes)
        untrained = copy(learner.generator)
        draw = dict.fromkeys(own.sample_epochs, learner.sample)
        kept = range(own.snapshot_every, own.epochs, own.snapshot_every)
        keep = dict.fromkeys(kept, learner.save_snapshot)
        run.fit(learner, feed, (), Schedule(own.epochs, draw, keep))
        run.save_snapshots(kept)
        models = {"generator": learner.averaged, "discriminator": learner.discriminator}
        run.save(models | {"untrained": untrained}, images)


def build_learner(own: Settings, seed: int, image_shape: tuple[int, int, int], num_classes: int) -> Gan:
    """Both networks with their optimizers, as ``gan`` in params.yaml says."""
    objective = OBJECTIVES[own.objective]._replace(r1=own.r1, r2=own.r2)
    return Gan(
        generator=build_generator(
            latent_dim=own.latent_dim,
            filters=own.generator_filters,
            blocks=own.blocks,
            batch_norm=own.batch_norm,
            image_shape=image_shape,
            seed=derive_seed(seed, "gan", "generator"),
            num_classes=num_classes,
        ),
        discriminator=build_discriminator(
            filters=own.discriminator_filters,
            blocks=own.blocks,
            dropout=own.dropout,
            activation=objective.activation,
            image_shape=image_shape,
            seed=derive_seed(seed, "gan", "discriminator"),
            num_classes=num_classes,
        ),
        optimizers=(
            adam(own.generator_learning_rate, own.beta_1),
            adam(own.discriminator_learning_rate, own.beta_1),
        ),
        game=Game(objective, own.share_fakes, own.augmentations, own.spectral_norm),
        average_decay=own.average_decay,
        seed=derive_seed(seed, "gan", "latents"),
    )
