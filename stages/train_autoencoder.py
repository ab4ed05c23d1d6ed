"""Trains the plain autoencoder."""

from latentlab.core import process

with process.imports(hidden=process.KERAS_EXTRAS):
    from latentlab.core import artifacts
    from latentlab.core.randomness import derive_seed
    from latentlab.families import params
    from latentlab.families.autoencoder.model import Autoencoder, build_encoder
    from latentlab.families.training import training_run
    from latentlab.families.vae.model.networks import Architecture, build_decoder
    from latentlab.families.vae.model.objectives import RECONSTRUCTIONS
    from latentlab.learning.batches import Shuffled
    from latentlab.learning.descent import adam
    from latentlab.learning.loop import Schedule


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
    process.run(main)
