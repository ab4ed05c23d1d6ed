"""Trains the plain autoencoder."""

from latentlab import stage

with stage.imports(hidden=stage.KERAS_EXTRAS):
    from latentlab import artifacts, params
    from latentlab.autoencoder import Autoencoder, build_encoder
    from latentlab.batches import Shuffled
    from latentlab.optimizers import adam
    from latentlab.randomness import derive_seed
    from latentlab.runs import training_run
    from latentlab.training import Schedule
    from latentlab.vae.networks import Architecture, build_decoder
    from latentlab.vae.objectives import RECONSTRUCTIONS


def main() -> None:
    seed, settings, shared = params.load().seed, params.load().autoencoder, params.load().vae
    images, validation_images = artifacts.load_images("train"), artifacts.load_images("validation")
    feed = Shuffled((images,), settings.batch_size, derive_seed(seed, "autoencoder", "batches"))
    shape = Architecture(
        latent_dim=shared.latent_dim,
        filters=shared.filters,
        dense_units=shared.dense_units,
        image_shape=images.shape[1:],
    )
    with training_run("train_autoencoder", artifacts.AUTOENCODER) as run:
        learner = Autoencoder(
            encoder=build_encoder(shape, derive_seed(seed, "autoencoder", "encoder")),
            decoder=build_decoder(shape, derive_seed(seed, "autoencoder", "decoder")),
            optimizer=adam(settings.learning_rate),
            reconstruction=RECONSTRUCTIONS[shared.reconstruction],
        )
        run.fit(learner, feed, (validation_images,), Schedule(settings.epochs))
        run.save({"encoder": learner.encoder, "decoder": learner.decoder}, images)


if __name__ == "__main__":
    stage.run(main)
