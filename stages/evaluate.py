"""Scores the trained models, and computes the arrays that figures need of them."""

from typing import Any

from latentlab import stage

with stage.imports():
    import keras
    import numpy.typing as npt

    from latentlab import (
        artifacts,
        conditional_evaluation,
        digests,
        evaluation,
        exploration,
        features,
        gan_evaluation,
        generators,
        latent_space,
        model_files,
        params,
        provenance,
        vae_evaluation,
    )
    from latentlab.conditioning import given, num_classes_of
    from latentlab.data import duplicates
    from latentlab.data.labelled import Labelled
    from latentlab.errors import EvaluationError
    from latentlab.generators import Generator, Images
    from latentlab.inception import distance, weights, weights_file
    from latentlab.metrics import adversaries, protocol
    from latentlab.randomness import derive_seed

# Two of each digit.
NUM_RECONSTRUCTED = 20
EXTRACTOR = artifacts.FEATURES / "classifier.keras"


def main() -> None:
    settings = params.load()
    model_files.use_threads(provenance.threads(settings.threads))
    refuse_seen_images()
    inception = open_inception(settings.evaluate.inception_weights)
    judge, feature_space = open_judge(settings.evaluate, settings.features.seed)
    metrics = {"vae": evaluate_vae(settings), **evaluate_gan(settings)}
    scored = [*list_models(settings.seed), *list_references(settings.features.seed)]
    count = settings.evaluate.num_samples
    evaluation.place(evaluation.score_all(judge, scored, count, keep_samples), metrics)
    if inception is not None:
        evaluation.place(score_inception(inception, scored, settings), metrics)
    metrics |= {
        "protocol": describe_protocol(count, metrics["references"]["real"]),
        "features": {**feature_space, "sha256": digests.sha256(EXTRACTOR)},
        "data": {split: len(artifacts.load_labels(split)) for split in artifacts.SPLITS},
    }
    artifacts.save_json(artifacts.METRICS, metrics)


def refuse_seen_images() -> None:
    """Stop before a model is scored on images that it learned from."""
    folders = (artifacts.FEATURES, artifacts.VAE, artifacts.GAN)
    seen = {str(folder): artifacts.load_array(folder / artifacts.TRAINING_HASHES) for folder in folders}
    evaluation.require_unseen(duplicates.short_hashes(artifacts.load_images("test")), seen)


def open_judge(settings: params.Evaluate, seed: int) -> tuple[evaluation.Judge, dict[str, Any]]:
    """The judge of all images, and what makes it trustworthy."""
    images, labels, count = artifacts.load_images("test"), artifacts.load_labels("test"), settings.num_samples
    evaluation.require_enough(count, len(images))
    classifier = model_files.load_model(EXTRACTOR)
    feature_space = evaluation.describe_features(classifier, images, labels)
    evaluation.require_learned(feature_space.get("test_accuracy", 1.0), settings.minimum_accuracy)
    training = artifacts.load_images("train")
    return evaluation.Judge(classifier, images[:count], labels[:count], training, seed), feature_space


def open_inception(path: str | None) -> keras.Model | None:
    """The network of the classic FID, if the user gives its weights."""
    # The hash that DVC goes by must be that of what is used.
    if weights_file.sha256(path) != artifacts.load_json(artifacts.INCEPTION_SOURCE)["sha256"]:
        raise EvaluationError(
            f"evaluate.inception_weights: expected the file that {artifacts.INCEPTION_SOURCE} describes, got "
            "another. It changed during the run, so run `dvc repro` again."
        )
    if path is None:
        print("Inception distances are left out: evaluate.inception_weights is null", flush=True)
        return None
    return weights.load(path)


def score_inception(
    network: keras.Model, generators: list[Generator], settings: params.Params
) -> dict[str, Any]:
    """The classic distance of each generator from the test images that all scores are taken against."""
    chosen = [generator for generator in generators if distance.is_scored(generator)]
    real, count = artifacts.load_images("test"), settings.evaluate.num_samples
    return distance.score_all(network, chosen, real, count, settings.features.seed)


def evaluate_gan(settings: params.Params) -> dict[str, Any]:
    """What the GAN's history and its snapshots say; writes the best epoch's generator."""
    history = artifacts.load_json(artifacts.GAN / "history.json")
    kept = artifacts.load_json(artifacts.snapshots_path(artifacts.GAN))
    paths = {epoch: artifacts.snapshot_path(artifacts.GAN, epoch) for epoch in kept}
    paths[len(history)] = artifacts.GAN / "generator.keras"
    snapshots = gan_evaluation.score_snapshots(
        ((epoch, model_files.load_model(path)) for epoch, path in paths.items()),
        model_files.load_model(EXTRACTOR),
        artifacts.load_images("validation")[: settings.evaluate.num_samples],
        derive_seed(settings.seed, "evaluate", "snapshots"),
        artifacts.load_labels("validation"),
    )
    best = gan_evaluation.best(snapshots)
    artifacts.copy_file(paths[best], artifacts.GAN_BEST / "generator.keras")
    generator = model_files.load_model(paths[best])
    if num_classes_of(generator):
        rows = conditional_evaluation.by_class(generator, derive_seed(settings.seed, "evaluate", "classes"))
        artifacts.save_array(artifacts.ARRAYS / "gan_told_classes.npy", rows)
    walks = exploration.walks(given(generator, 0), derive_seed(settings.seed, "evaluate", "walks"))
    artifacts.save_array(artifacts.ARRAYS / "gan_best_explorer_walks.npy", walks)
    signature = artifacts.load_json(artifacts.GAN / "signature.json")["generator"]
    artifacts.save_json(artifacts.GAN_BEST / "signature.json", {"generator": signature})
    scored = [snapshot._asdict() for snapshot in snapshots]
    training = {"history": adversaries.summarise(history, settings.gan.objective), "snapshots": scored}
    return {"gan": training, "gan_best": {"epoch": best}}


def list_models(seed: int) -> list[Generator]:
    """Each trained model, and a generator before its training, as ways to make images."""
    vae, gan = (derive_seed(seed, "evaluate", model) for model in ("vae", "gan"))
    sources = (
        ("vae", artifacts.VAE / "decoder.keras", vae),
        ("gan", artifacts.GAN / "generator.keras", gan),
        ("gan_best", artifacts.GAN_BEST / "generator.keras", gan),
        ("references.untrained", artifacts.GAN / "untrained.keras", gan),
    )
    labels = artifacts.load_labels("train")
    return [
        generators.of_model(name, model_files.load_model(path), labels, model)
        for name, path, model in sources
    ]


def list_references(seed: int) -> list[Generator]:
    """What good and broken samples look like, as far as there are enough real images."""
    training, labels = artifacts.load_images("train"), artifacts.load_labels("train")
    return generators.of_references(artifacts.load_images("validation"), training, labels, seed)


def keep_samples(name: str, images: Images) -> None:
    """Write what figures show of a model's images."""
    if not name.startswith("references."):
        artifacts.save_array(artifacts.ARRAYS / f"{name}_samples.npy", images)


def describe_protocol(count: int, real_scores: dict[str, Any]) -> dict[str, Any]:
    """How the scores were made."""
    test = Labelled(artifacts.load_images("test"), artifacts.load_labels("test")).take(slice(count))
    return protocol.describe(
        num_test=count,
        real_frechet=real_scores["frechet_distance"],
        test_split_sha256=test.describe()["sha256"],
        inception_sha256=artifacts.load_json(artifacts.INCEPTION_SOURCE)["sha256"],
    )


def evaluate_vae(settings: params.Params) -> dict[str, Any]:
    """The VAE's bounds on the test images and its use of the latents; writes what its figures show."""
    images, labels = artifacts.load_images("test"), artifacts.load_labels("test")
    encoder = model_files.load_model(artifacts.VAE / "encoder.keras")
    decoder = model_files.load_model(artifacts.VAE / "decoder.keras")
    encodings = vae_evaluation.encode(
        encoder, images, derive_seed(settings.seed, "evaluate", "epsilon"), labels
    )
    plane = latent_space.shown_plane(encodings.z_mean)
    coordinates = plane.locate(encodings.z_mean)
    shown = vae_evaluation.representatives(labels, NUM_RECONSTRUCTED)
    reconstructed = vae_evaluation.reconstruct(decoder, images[shown], encodings.z_mean[shown], labels[shown])
    of_first_class = given(decoder, 0)
    arrays: dict[str, npt.NDArray[Any]] = {
        "vae_latents": encodings.z_mean,
        "vae_plane": coordinates,
        "vae_reconstructions": reconstructed,
        **latent_space.manifolds(of_first_class, plane, coordinates, settings.vae.epsilon_sigma),
        **exploration.over_plane("vae", of_first_class, plane, coordinates),
    }
    for name, array in arrays.items():
        artifacts.save_array(artifacts.ARRAYS / f"{name}.npy", array)
    terms = vae_evaluation.objective_terms(
        images,
        labels,
        encodings,
        decoder,
        kl_weight=settings.vae.kl_weight,
        reconstruction=settings.vae.reconstruction,
    )
    latent: dict[str, Any] = {"latent": vae_evaluation.latent_use(encodings, labels)}
    if num_classes_of(decoder):
        latent["classification"] = evaluate_classes(encoder, decoder, settings)
    if settings.vae.reconstruction != "bernoulli":
        return terms | {"left_out": vae_evaluation.NO_BOUNDS} | latent
    bounds = vae_evaluation.likelihood_bounds(
        images,
        encoder,
        decoder,
        samples=settings.evaluate.importance_samples,
        num_images=settings.evaluate.importance_images,
        seed=derive_seed(settings.seed, "evaluate", "bounds"),
        labels=labels,
    )
    return terms | bounds | latent


def evaluate_classes(encoder: keras.Model, decoder: keras.Model, settings: params.Params) -> dict[str, float]:
    """The conditional VAE as a classifier, beside the one that was trained as such; writes its pictures."""
    images, labels = artifacts.load_images("test"), artifacts.load_labels("test")
    shown = vae_evaluation.representatives(labels, num_classes_of(decoder))
    seed, count = derive_seed(settings.seed, "evaluate", "classes"), settings.evaluate.num_samples
    arrays = {
        "told_classes": conditional_evaluation.by_class(decoder, seed),
        "styles": conditional_evaluation.styles(encoder, decoder, images[shown], labels[shown]),
    }
    for name, array in arrays.items():
        artifacts.save_array(artifacts.ARRAYS / f"vae_{name}.npy", array)
    found = conditional_evaluation.classify(
        encoder,
        decoder,
        images[:count],
        conditional_evaluation.log_shares(artifacts.load_labels("train"), num_classes_of(decoder)),
        reconstruction=settings.vae.reconstruction,
        seed=seed,
    )
    classifier = model_files.load_model(EXTRACTOR)
    return {
        "generative_accuracy": float((found == labels[:count]).mean()),
        "discriminative_accuracy": features.accuracy(classifier, images[:count], labels[:count]),
        "images": count,
    }


if __name__ == "__main__":
    stage.run(main)
