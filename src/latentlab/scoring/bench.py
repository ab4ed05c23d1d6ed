"""The bench on which images are scored: what earlier stages wrote for it, opened once a process."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import keras

from latentlab.core import artifacts, digests, provenance
from latentlab.core.arrays import Images
from latentlab.core.errors import EvaluationError
from latentlab.data import duplicates
from latentlab.learning import threads
from latentlab.scoring import scorer, sections
from latentlab.scoring.contenders import Contender
from latentlab.scoring.inception import distance, weights, weights_file
from latentlab.scoring.settings import Scoring
from latentlab.trained import model_files

EXTRACTOR = artifacts.FEATURES / "classifier.keras"


class Bench(NamedTuple):
    """What every set of images is scored with.

    Attributes:
        settings: of params.yaml.
        classifier: its last layer but one gives the features.
        features: what they are, as metrics.json says it.
        scorer: gives the scores.
        inception: the network of the classic FID; None unless the user gives its weights.
    """

    settings: Scoring
    classifier: keras.Sequential
    features: dict[str, Any]
    scorer: scorer.Scorer
    inception: keras.Model | None

    @property
    def num_samples(self) -> int:
        """Images of each contender."""
        return self.settings.evaluate.num_samples

    def score(
        self, contenders: Sequence[Contender], keep: Callable[[Contender, Images], None]
    ) -> dict[str, Any]:
        """The scores of contenders by section of metrics.json; ``keep`` is given each and its images."""
        scores: dict[str, Any] = {}
        sections.place(scorer.score_all(self.scorer, contenders, self.num_samples, keep), scores)
        chosen = [contender for contender in contenders if distance.is_scored(contender)]
        if self.inception and chosen:
            real, seed = artifacts.load_images("test"), self.settings.features.seed
            found = distance.score_all(self.inception, chosen, real, self.num_samples, seed)
            sections.place(found, scores)
        return scores


def set_up(settings: Scoring, trained: Iterable[Path]) -> Bench:
    """Set the bench up.

    Args:
        settings: of params.yaml.
        trained: the folders of the trainings whose models are scored.

    Raises:
        ArtifactError: what an earlier stage writes is missing or damaged.
        EvaluationError: scores would be worth nothing.
    """
    threads.use(provenance.threads(settings.threads))
    refuse_seen_images([artifacts.FEATURES, *trained])
    inception = load_inception(settings.evaluate.inception_weights)
    classifier = model_files.load_model(EXTRACTOR)
    features = describe_features(classifier, settings.evaluate.minimum_accuracy)
    count = settings.evaluate.num_samples
    return Bench(
        settings, classifier, features, open_scorer(classifier, count, settings.features.seed), inception
    )


def refuse_seen_images(folders: Iterable[Path]) -> None:
    """Stop before a model is scored on images that it learned from."""
    seen = {str(folder): artifacts.load_array(folder / artifacts.TRAINING_HASHES) for folder in folders}
    scorer.require_unseen(duplicates.short_hashes(artifacts.load_images("test")), seen)


def load_inception(path: str | None) -> keras.Model | None:
    """The network of the classic FID, if the user gives its weights."""
    # The hash that DVC goes by must be that of what is used.
    if weights_file.sha256(path) != artifacts.load_json(artifacts.INCEPTION_SOURCE)["sha256"]:
        raise EvaluationError(
            f"evaluate.inception_weights: expected the file that {artifacts.INCEPTION_SOURCE} describes, got "
            "another. It changed during the run, so run `dvc repro` again."
        )
    return None if path is None else weights.load(path)


def describe_features(classifier: keras.Sequential, minimum_accuracy: float) -> dict[str, Any]:
    """What the features are, and the test accuracy without which those of a classifier are worth nothing."""
    images, labels = artifacts.load_images("test"), artifacts.load_labels("test")
    description = scorer.describe_features(classifier, images, labels)
    scorer.require_learned(description.get("test_accuracy", 1.0), minimum_accuracy)
    return {**description, "sha256": digests.sha256(EXTRACTOR)}


def open_scorer(classifier: keras.Sequential, count: int, seed: int) -> scorer.Scorer:
    """What scores all images."""
    images, labels = artifacts.load_images("test"), artifacts.load_labels("test")
    scorer.require_enough(count, len(images))
    return scorer.Scorer(classifier, images[:count], labels[:count], artifacts.load_images("train"), seed)
