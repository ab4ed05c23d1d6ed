"""Trains the variational autoencoder."""

from latentlab.core import process

with process.imports(hidden=process.KERAS_EXTRAS):
    from functools import partial

    from latentlab.core import artifacts
    from latentlab.core.randomness import derive_seed
    from latentlab.families import params
    from latentlab.families.latents import planes
    from latentlab.families.training import training_run
    from latentlab.families.vae.model.learner import Vae
    from latentlab.families.vae.model.networks import Architecture, build_decoder, build_encoder
    from latentlab.families.vae.model.objectives import RECONSTRUCTIONS, Objective
    from latentlab.families.vae.model.sampler import Sampler
    from latentlab.learning.batches import Shuffled
    from latentlab.learning.conditioning import count_classes, given
    from latentlab.learning.descent import adam
    from latentlab.learning.loop import Schedule


def main() -> None:
    seed, settings = params.load().seed, params.load().vae
    train = artifacts.load_images("train"), artifacts.load_labels("train")
    validation = artifacts.load_images("validation"), artifacts.load_labels("validation")
    num_classes = count_classes(train[1], "vae.conditional") if settings.conditional else 0
    seen = 2 if settings.conditional else 1
    feed = Shuffled(train[:seen], settings.batch_size, derive_seed(seed, "vae", "batches"))
    shape = Architecture(
        latent_dim=settings.latent_dim,
        filters=settings.filters,
        dense_units=settings.dense_units,
        image_shape=train[0].shape[1:],
        num_classes=num_classes,
    )
    with training_run("train_vae", artifacts.VAE) as run:
        learner = Vae(
            encoder=build_encoder(shape, derive_seed(seed, "vae", "encoder")),
            sampler=Sampler(settings.epsilon_sigma, derive_seed(seed, "vae", "sampler")),
            decoder=build_decoder(shape, derive_seed(seed, "vae", "decoder")),
            optimizer=adam(settings.learning_rate),
            objective=Objective(
                kl_weight=settings.kl_weight,
                reconstruction=RECONSTRUCTIONS[settings.reconstruction],
                free_nats=settings.free_bits,
                warmup_steps=settings.kl_warmup_epochs * len(feed.order(1)),
            ),
        )
        shown = [part[: planes.GLIMPSE_IMAGES] for part in validation]
        # Of a decoder that is told the class, what it makes of the first.
        glimpse = partial(planes.glimpse, learner.encoder, given(learner.decoder, 0), *shown)
        draw = dict.fromkeys(settings.sample_epochs, glimpse)
        run.fit(learner, feed, validation[:seen], Schedule(settings.epochs, draw))
        run.save({"encoder": learner.encoder, "decoder": learner.decoder}, train[0])


if __name__ == "__main__":
    process.run(main)
