"""The bench on which images are scored: what earlier stages wrote for it, opened once a process."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import keras
import numpy as np

from latentlab.core import artifacts, provenance
from latentlab.core.arrays import Images, Labels
from latentlab.core.errors import EvaluationError
from latentlab.data import duplicates
from latentlab.learning import threads
from latentlab.scoring import classes, features, networks, scorer, sections
from latentlab.scoring.classes import Classes
from latentlab.scoring.contenders import Contender
from latentlab.scoring.inception import distance, weights, weights_file
from latentlab.scoring.metrics.directions import OF_CLASSES
from latentlab.scoring.metrics.label_shift import Probe, fit_probe
from latentlab.scoring.metrics.scores import Training
from latentlab.scoring.networks import Network
from latentlab.scoring.scorer import Scorer
from latentlab.scoring.settings import Evaluate, Scoring

# Training images that a probe learns classes from: five seconds in the features of ImageNet's network.
MOST_PROBED = 4000


class Bench(NamedTuple):
    """What every set of images is scored with.

    Attributes:
        settings: of params.yaml.
        network: gives the features.
        classes: tells the classes.
        scorer: gives the scores.
        inception: the network of the classic FID; None unless the user gives its weights.
    """

    settings: Scoring
    network: Network
    classes: Classes
    scorer: Scorer
    inception: keras.Model | None

    @property
    def num_samples(self) -> int:
        """Images of each contender."""
        return self.settings.evaluate.num_samples

    def describe(self) -> dict[str, Any]:
        """What features and classes are, as metrics.json says it."""
        described: dict[str, Any] = {"network": self.network.name}
        if self.classes.test_accuracy is not None:
            described["test_accuracy"] = self.classes.test_accuracy
        if self.classes.left_out is not None:
            described |= {"left_out": sorted(OF_CLASSES), "left_out_because": self.classes.left_out}
        return described | {"sha256": self.network.sha256}

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
    """Set the bench up in the features that the yardstick chose.

    Args:
        settings: of params.yaml.
        trained: the folders of the trainings whose models are scored.

    Raises:
        ArtifactError: what an earlier stage writes is missing or damaged.
        EvaluationError: scores would be worth nothing.
    """
    chosen = artifacts.load_json(artifacts.YARDSTICK)["network"]
    [bench] = set_up_in([chosen], settings, trained)
    return bench


def set_up_in(names: Sequence[str], settings: Scoring, trained: Iterable[Path]) -> Iterable[Bench]:
    """The bench in the features of each of some networks, one after the other; errors as :func:`set_up`."""
    threads.use(provenance.threads(settings.threads))
    refuse_seen_images([artifacts.FEATURES, *trained])
    inception = load_inception(settings.evaluate.inception_weights)
    classifier = open_classifier()
    tellers = open_classes(classifier, settings.evaluate)
    training = scorer.training_of(artifacts.load_images("train"))
    for name in names:
        network = networks.opened(name, classifier)
        yield Bench(settings, network, tellers, open_scorer(network, tellers, training, settings), inception)


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


def open_classifier() -> features.Extractor | None:
    """What looks at images through the classifier; None where they have no labels."""
    if artifacts.load_labels("train").max() == 0:
        return None
    return features.Extractor(networks.load_classifier())


def open_classes(classifier: features.Extractor | None, settings: Evaluate) -> Classes:
    """Who tells the classes of the images at hand."""
    if classifier is None:
        return Classes(1, left_out="the images have no labels")
    images, labels = artifacts.load_images("test"), artifacts.load_labels("test")
    accuracy = float(np.mean(classifier.classify(images) == labels))
    counts = np.bincount(labels[: settings.num_samples], minlength=classifier.num_classes)
    return classes.of(classifier, accuracy, settings.minimum_accuracy, counts)


def open_scorer(network: Network, tellers: Classes, training: Training, settings: Scoring) -> Scorer:
    """What scores all images."""
    images, labels = artifacts.load_images("test"), artifacts.load_labels("test")
    count = settings.evaluate.num_samples
    scorer.require_enough(count, len(images))
    real = images[:count], labels[:count]
    probe = open_probe(network, tellers, real[1])
    return Scorer(network, tellers, real, training, settings.features.seed, probe)


def open_probe(network: Network, tellers: Classes, labels: Labels) -> Probe | None:
    """What tells the shares of classes where those of single images are not told; None where nothing does."""
    images, known = (load("train")[:MOST_PROBED] for load in (artifacts.load_images, artifacts.load_labels))
    num_classes = int(max(known.max(), labels.max())) + 1
    counts = np.bincount(labels, minlength=num_classes)
    if tellers.classifier is not None or num_classes == 1 or not classes.enough_of_each(counts):
        return None
    return fit_probe(network.extract(images), known, num_classes)
