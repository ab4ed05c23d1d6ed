"""Scores the trained models, and computes the arrays that figures need of them."""

from typing import Any

from latentlab import stage

with stage.imports():
    import keras

    from latentlab import (
        artifacts,
        digests,
        evaluation,
        features,
        generators,
        model_files,
        params,
        provenance,
    )
    from latentlab.data import duplicates
    from latentlab.data.labelled import Labelled
    from latentlab.evaluations import autoencoder, gan, vae
    from latentlab.evaluations.entry import save_arrays
    from latentlab.generators import Generator, Images
    from latentlab.metrics import protocol

EXTRACTOR = artifacts.FEATURES / "classifier.keras"


def main() -> None:
    settings = params.load()
    model_files.use_threads(provenance.threads(settings.threads))
    refuse_seen_images()
    classifier = model_files.load_model(EXTRACTOR)
    accuracy = require_learned(classifier, settings.evaluate.minimum_accuracy)
    judge = open_judge(classifier, settings.evaluate.num_samples, settings.features.seed)
    entries = [autoencoder.enter(settings), vae.enter(settings, classifier), gan.enter(settings, classifier)]
    metrics = {name: section for entry in entries for name, section in entry.metrics.items()}
    scored = [made for entry in entries for made in entry.generators]
    scored += list_references(settings.features.seed)
    count = settings.evaluate.num_samples
    evaluation.place(evaluation.score_all(judge, scored, count, keep_samples), metrics)
    metrics |= {
        "protocol": describe_protocol(count, metrics["references"]["real"]),
        "features": {"test_accuracy": accuracy, "sha256": digests.sha256(EXTRACTOR)},
        "data": {split: len(artifacts.load_labels(split)) for split in artifacts.SPLITS},
    }
    artifacts.save_json(artifacts.METRICS, metrics)


def refuse_seen_images() -> None:
    """Stop before a model is scored on images that it learned from."""
    folders = (artifacts.FEATURES, artifacts.AUTOENCODER, artifacts.VAE, artifacts.GAN)
    seen = {str(folder): artifacts.load_array(folder / artifacts.TRAINING_HASHES) for folder in folders}
    evaluation.require_unseen(duplicates.short_hashes(artifacts.load_images("test")), seen)


def require_learned(classifier: keras.Sequential, minimum: float) -> float:
    """The classifier's accuracy on the test images, without which its features are worth nothing."""
    accuracy = features.accuracy(classifier, artifacts.load_images("test"), artifacts.load_labels("test"))
    evaluation.require_learned(accuracy, minimum)
    return accuracy


def open_judge(classifier: keras.Sequential, count: int, seed: int) -> evaluation.Judge:
    """The judge of all images."""
    images, labels = artifacts.load_images("test"), artifacts.load_labels("test")
    evaluation.require_enough(count, len(images))
    training = artifacts.load_images("train")
    return evaluation.Judge(classifier, images[:count], labels[:count], training, seed)


def list_references(seed: int) -> list[Generator]:
    """What good and broken samples look like, as far as there are enough real images."""
    training, labels = artifacts.load_images("train"), artifacts.load_labels("train")
    return generators.of_references(artifacts.load_images("validation"), training, labels, seed)


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
    )


if __name__ == "__main__":
    stage.run(main)
