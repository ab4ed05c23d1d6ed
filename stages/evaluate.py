"""Scores the trained models, and computes the arrays that figures need of them."""

from typing import Any

from latentlab.core import process

with process.imports():
    import keras

    from latentlab.core import artifacts, digests, provenance
    from latentlab.core.errors import EvaluationError
    from latentlab.data import duplicates
    from latentlab.data.labelled import Labelled
    from latentlab.families import params
    from latentlab.families.autoencoder import scores as autoencoder
    from latentlab.families.entry import save_arrays
    from latentlab.families.gan import scores as gan
    from latentlab.families.vae import scores as vae
    from latentlab.scoring import contenders, protocol
    from latentlab.scoring import judge as evaluation
    from latentlab.scoring.contenders import Generator, Images
    from latentlab.scoring.inception import distance, weights, weights_file
    from latentlab.trained import model_files

EXTRACTOR = artifacts.FEATURES / "classifier.keras"


def main() -> None:
    settings = params.load()
    model_files.use_threads(provenance.threads(settings.threads))
    refuse_seen_images()
    inception = open_inception(settings.evaluate.inception_weights)
    classifier = model_files.load_model(EXTRACTOR)
    feature_space = describe_features(classifier, settings.evaluate.minimum_accuracy)
    judge = open_judge(classifier, settings.evaluate.num_samples, settings.features.seed)
    entries = [autoencoder.enter(settings), vae.enter(settings, classifier), gan.enter(settings, classifier)]
    metrics = {name: section for entry in entries for name, section in entry.metrics.items()}
    scored = [made for entry in entries for made in entry.generators]
    scored += list_references(settings.features.seed)
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
    folders = (artifacts.FEATURES, artifacts.AUTOENCODER, artifacts.VAE, artifacts.GAN)
    seen = {str(folder): artifacts.load_array(folder / artifacts.TRAINING_HASHES) for folder in folders}
    evaluation.require_unseen(duplicates.short_hashes(artifacts.load_images("test")), seen)


def describe_features(classifier: keras.Sequential, minimum_accuracy: float) -> dict[str, Any]:
    """What the features are, and the test accuracy without which those of a classifier are worth nothing."""
    description = evaluation.describe_features(
        classifier, artifacts.load_images("test"), artifacts.load_labels("test")
    )
    evaluation.require_learned(description.get("test_accuracy", 1.0), minimum_accuracy)
    return description


def open_judge(classifier: keras.Sequential, count: int, seed: int) -> evaluation.Judge:
    """The judge of all images."""
    images, labels = artifacts.load_images("test"), artifacts.load_labels("test")
    evaluation.require_enough(count, len(images))
    training = artifacts.load_images("train")
    return evaluation.Judge(classifier, images[:count], labels[:count], training, seed)


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


def score_inception(network: keras.Model, scored: list[Generator], settings: params.Params) -> dict[str, Any]:
    """The classic distance of each generator from the test images that all scores are taken against."""
    chosen = [generator for generator in scored if distance.is_scored(generator)]
    real, count = artifacts.load_images("test"), settings.evaluate.num_samples
    return distance.score_all(network, chosen, real, count, settings.features.seed)


def list_references(seed: int) -> list[Generator]:
    """What good and broken samples look like, as far as there are enough real images."""
    training, labels = artifacts.load_images("train"), artifacts.load_labels("train")
    return contenders.of_references(artifacts.load_images("validation"), training, labels, seed)


def keep_samples(name: str, images: Images) -> None:
    """Write what figures show of a model's images."""
    if not name.startswith("references."):
        save_arrays(name.replace(".", "_"), {"samples": images})


def describe_protocol(count: int, real_scores: dict[str, Any]) -> dict[str, Any]:
    """How the scores were made."""
    test = Labelled(artifacts.load_images("test"), artifacts.load_labels("test")).take(slice(count))
    return protocol.describe(
        num_test=count,
        real_frechet=real_scores["frechet_distance"],
        test_split_sha256=test.describe()["sha256"],
        inception_sha256=artifacts.load_json(artifacts.INCEPTION_SOURCE)["sha256"],
    )


if __name__ == "__main__":
    process.run(main)
