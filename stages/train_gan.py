"""Trains the generative adversarial network."""

from latentlab.core import process

with process.imports(hidden=process.KERAS_EXTRAS):
    from latentlab.core import artifacts
    from latentlab.core.randomness import derive_seed
    from latentlab.families import params
    from latentlab.families.gan.model.learner import Gan
    from latentlab.families.gan.model.networks import build_discriminator, build_generator
    from latentlab.families.gan.model.objectives import OBJECTIVES
    from latentlab.families.training import training_run
    from latentlab.learning.batches import Drawn
    from latentlab.learning.conditioning import count_classes
    from latentlab.learning.descent import adam
    from latentlab.learning.loop import Schedule
    from latentlab.trained import model_files


def main() -> None:
    seed, settings = params.load().seed, params.load().gan
    images, labels = artifacts.load_images("train"), artifacts.load_labels("train")
    num_classes = count_classes(labels, "gan.conditional") if settings.conditional else 0
    objective = OBJECTIVES[settings.objective]
    steps = settings.steps_per_epoch or max(1, len(images) // settings.batch_size)
    seen = (images, labels) if settings.conditional else (images,)
    feed = Drawn(seen, settings.batch_size // 2, steps, derive_seed(seed, "gan", "batches"))
    with training_run("train_gan", artifacts.GAN) as run:
        generator = build_generator(
            latent_dim=settings.latent_dim,
            filters=settings.generator_filters,
            batch_norm=settings.batch_norm,
            image_shape=images.shape[1:],
            seed=derive_seed(seed, "gan", "generator"),
            num_classes=num_classes,
        )
        untrained = model_files.copy(generator)
        learner = Gan(
            generator=generator,
            discriminator=build_discriminator(
                filters=settings.discriminator_filters,
                dropout=settings.dropout,
                activation=objective.activation,
                image_shape=images.shape[1:],
                seed=derive_seed(seed, "gan", "discriminator"),
                num_classes=num_classes,
            ),
            optimizers=(
                adam(settings.generator_learning_rate, settings.beta_1),
                adam(settings.discriminator_learning_rate, settings.beta_1),
            ),
            objective=objective,
            share_fakes=settings.share_fakes,
            average_decay=settings.average_decay,
            seed=derive_seed(seed, "gan", "latents"),
        )
        draw = dict.fromkeys(settings.sample_epochs, learner.sample)
        kept = range(settings.snapshot_every, settings.epochs, settings.snapshot_every)
        keep = dict.fromkeys(kept, learner.save_snapshot)
        run.fit(learner, feed, (), Schedule(settings.epochs, draw, keep))
        run.save_snapshots(kept)
        models = {"generator": learner.averaged, "discriminator": learner.discriminator}
        run.save(models | {"untrained": untrained}, images)


if __name__ == "__main__":
    process.run(main)
