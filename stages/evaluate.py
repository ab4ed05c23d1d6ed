"""Scores the trained models, and computes the arrays that figures need of them."""

from typing import Any

from latentlab import stage

with stage.imports():
    import numpy.typing as npt

    from latentlab import (
        artifacts,
        evaluation,
        features,
        inference,
        latent_space,
        model_files,
        params,
        provenance,
    )
    from latentlab.data import duplicates
    from latentlab.evaluation import Images
    from latentlab.randomness import derive_seed

# Two of each digit.
NUM_RECONSTRUCTED = 20


def main() -> None:
    settings = params.load()
    model_files.use_threads(provenance.threads(settings.threads))
    refuse_seen_images()
    judge, features_found = open_judge(settings.evaluate)
    sets = draw_sets(settings.evaluate.num_samples, settings.seed)
    scores = {name: judge.score(images) for name, images in sets.items()}
    terms = evaluate_vae(settings)
    for name in ("vae", "gan"):
        artifacts.save_array(artifacts.ARRAYS / f"{name}_samples.npy", sets[name])
    metrics = {
        "vae": terms | scores.pop("vae"),
        "gan": scores.pop("gan"),
        "references": scores,
        "features": features_found,
        "data": {split: len(artifacts.load_labels(split)) for split in artifacts.SPLITS},
    }
    artifacts.save_json(artifacts.METRICS, metrics)


def refuse_seen_images() -> None:
    """Stop before a model is scored on images that it learned from."""
    folders = (artifacts.FEATURES, artifacts.VAE, artifacts.GAN)
    seen = {str(folder): artifacts.load_array(folder / artifacts.TRAINING_HASHES) for folder in folders}
    evaluation.require_unseen(duplicates.short_hashes(artifacts.load_images("test")), seen)


def open_judge(settings: params.Evaluate) -> tuple[evaluation.Judge, dict[str, Any]]:
    """The judge of all images, and what makes it trustworthy."""
    images, labels, count = artifacts.load_images("test"), artifacts.load_labels("test"), settings.num_samples
    evaluation.require_enough(count, test=len(images), validation=len(artifacts.load_labels("validation")))
    path = artifacts.FEATURES / "classifier.keras"
    classifier = model_files.load_model(path)
    accuracy = features.accuracy(classifier, images, labels)
    evaluation.require_learned(accuracy, settings.minimum_accuracy)
    found = {"test_accuracy": accuracy, "sha256": model_files.sha256(path)}
    return evaluation.Judge(classifier, images[:count], labels[:count]), found


def draw_sets(count: int, seed: int) -> dict[str, Images]:
    """The sets of images to score: samples of each model, and what good and bad ones look like."""

    def sample(model: str, purpose: str) -> Images:
        decoder = model_files.load_model(artifacts.MODELS / f"{model}.keras")
        latents = inference.draw_latents(
            count, decoder.input_shape[1], derive_seed(seed, "evaluate", purpose)
        )
        return inference.generate(decoder, latents)

    images, labels = artifacts.load_images("train"), artifacts.load_labels("train")
    return {
        "vae": sample("vae/decoder", "vae"),
        "gan": sample("gan/generator", "gan"),
        "real": artifacts.load_images("validation")[:count],
        "one_class": evaluation.one_class(images, labels, count),
        "untrained": sample("gan/untrained", "gan"),
    }


def evaluate_vae(settings: params.Params) -> dict[str, float]:
    """The terms of the VAE's objective on the test images; writes what its figures show."""
    images, labels = artifacts.load_images("test"), artifacts.load_labels("test")
    encoder = model_files.load_model(artifacts.VAE / "encoder.keras")
    decoder = model_files.load_model(artifacts.VAE / "decoder.keras")
    encodings = evaluation.encode(encoder, images, derive_seed(settings.seed, "evaluate", "epsilon"))
    plane = latent_space.shown_plane(encodings.z_mean)
    coordinates = plane.locate(encodings.z_mean)
    shown = evaluation.representatives(labels, NUM_RECONSTRUCTED)
    arrays: dict[str, npt.NDArray[Any]] = {
        "vae_latents": encodings.z_mean,
        "vae_plane": coordinates,
        "vae_reconstructions": evaluation.reconstruct(decoder, images[shown], encodings.z_mean[shown]),
        **latent_space.manifolds(decoder, plane, coordinates, settings.vae.epsilon_sigma),
    }
    for name, array in arrays.items():
        artifacts.save_array(artifacts.ARRAYS / f"{name}.npy", array)
    return evaluation.vae_terms(images, encodings, decoder, settings.vae.kl_weight)


if __name__ == "__main__":
    stage.run(main)
