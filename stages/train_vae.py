"""Trains the variational autoencoder."""

from latentlab import stage

with stage.imports():
    from latentlab import artifacts, params
    from latentlab.batches import Shuffled
    from latentlab.optimizers import adam
    from latentlab.randomness import derive_seed
    from latentlab.runs import training_run
    from latentlab.training import Schedule
    from latentlab.vae.learner import Vae
    from latentlab.vae.networks import Architecture, build_decoder, build_encoder
    from latentlab.vae.objectives import RECONSTRUCTIONS, Objective
    from latentlab.vae.sampler import Sampler


def main() -> None:
    seed, settings = params.load().seed, params.load().vae
    images, validation_images = artifacts.load_images("train"), artifacts.load_images("validation")
    feed = Shuffled((images,), settings.batch_size, derive_seed(seed, "vae", "batches"))
    shape = Architecture(
        latent_dim=settings.latent_dim,
        filters=settings.filters,
        dense_units=settings.dense_units,
        image_shape=images.shape[1:],
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
        run.fit(learner, feed, (validation_images,), Schedule(settings.epochs))
        run.save({"encoder": learner.encoder, "decoder": learner.decoder}, images)


if __name__ == "__main__":
    stage.run(main)
