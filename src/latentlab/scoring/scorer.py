"""The scores of trained models, and what makes them worth reading."""

import sys
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

import keras
import numpy as np
import numpy.typing as npt
from tqdm import tqdm

from latentlab.core import mapped
from latentlab.core.arrays import Images, Labels
from latentlab.core.errors import EvaluationError
from latentlab.scoring import features
from latentlab.scoring.contenders import Contender
from latentlab.scoring.metrics.directions import OF_CLASSES, SCORES
from latentlab.scoring.metrics.scores import Seen, Training, Yardstick
from latentlab.scoring.metrics.sharpness import sharpness

# Measured on two cores: of 10,000 images against 10,000, which grows with their square.
SECONDS_PER_SET = 4
# Of a side, for distances between pixels.
MOST_PIXELS = 32
# Training images that samples are held against for copies; all of MNIST's. Distances to a million would take
# memory and time that grow with them.
MOST_COMPARED = 60_000


class Scorer:
    """Scores sets of images by what one classifier sees in them, against one set of real images."""

    def __init__(
        self, classifier: keras.Sequential, images: Images, labels: Labels, training: Images, seed: int
    ) -> None:
        """Take what sets of images are compared with.

        Args:
            classifier: its last layer but one gives the features.
            images: real ones that neither the classifier nor a model was trained on, uint8 (n, height,
                width, channels), of which each stretch from the start holds the classes in their shares.
            labels: of those images, (n,).
            training: what models were trained on, uint8 (m, height, width, channels); copies are looked for
                among the first 60,000.
            seed: of the halves behind the intervals.
        """
        self._extractor = features.Extractor(classifier)
        self._real = self._look(images)._replace(classes=labels)
        self._training, self._seed = Training(_flatten(training[:MOST_COMPARED])), seed
        self._yardstick = cache(self._make_yardstick)

    def score(self, images: Images, asked: Labels | None = None) -> dict[str, Any]:
        """The scores of generated or real images, against as many real ones: most scores depend on both.

        Args:
            images: uint8 (n, height, width, channels).
            asked: the class that each was asked to be, (n,), if any was.
        """
        yardstick = self._yardstick(min(len(images), len(self._real.classes)))
        return yardstick.score(self._look(images), asked)

    def _make_yardstick(self, count: int) -> Yardstick:
        return Yardstick(self._real.first(count), self._training, self._extractor.num_classes, self._seed)

    def _look(self, images: Images) -> Seen:
        return Seen(*self._extractor.extract(images), _flatten(images), sharpness(images))


def score_all(
    scorer: Scorer, contenders: Sequence[Contender], count: int, keep: Callable[[Contender, Images], None]
) -> dict[str, dict[str, Any]]:
    """The scores of each contender; says before how long this takes, and shows how far it is.

    Args:
        scorer: gives the scores.
        contenders: what is scored, one after the other, so that one set of images is in memory.
        count: images of each.
        keep: is given each and its images.
    """
    seconds = len(contenders) * (1 + SECONDS_PER_SET * (count / 10_000) ** 2)
    print(f"scoring {len(contenders)} sets of images: about {seconds:.0f} s on two cores", flush=True)
    scores = {}
    with tqdm(contenders, unit="set", disable=not sys.stderr.isatty(), dynamic_ncols=True) as bar:
        for contender in bar:
            bar.set_description(contender.name)
            images, asked = contender.draw(count)
            keep(contender, images)
            scored = scorer.score(images, asked)
            scores[contender.name] = scored if contender.in_full else brief(scored)
            if bar.disable:
                print(f"scored {contender.name}: {len(images)} images", flush=True)
    return scores


def brief(scores: Mapping[str, Any]) -> dict[str, Any]:
    """Scores without their intervals and histograms."""
    return {name: scores[name] for name in (*SCORES, "asked_class_share") if name in scores}


def describe_features(classifier: keras.Sequential, images: Images, labels: Labels) -> dict[str, Any]:
    """Which network gives the features, and its accuracy on images where it is a trained classifier.

    A classifier of a single class has nothing to learn and stays as it was drawn. Random convolutions are
    features too (Saxe et al. 2011, "On random weights and unsupervised feature learning"), but distances
    compare only within one random network.
    """
    if classifier.output_shape[1] == 1:
        return {"network": "random, fixed by features.seed", "left_out": sorted(OF_CLASSES)}
    return {"network": "classifier", "test_accuracy": features.accuracy(classifier, images, labels)}


def require_learned(accuracy: float, minimum: float) -> None:
    """Refuse the features of a classifier that has not learned.

    Raises:
        EvaluationError: its accuracy on the test images is below ``minimum``.
    """
    if accuracy < minimum:
        raise EvaluationError(
            f"the classifier behind the scores reaches {accuracy:.3f} accuracy on the test images, but "
            f"evaluate.minimum_accuracy is {minimum}: raise features.epochs, or lower the minimum knowing "
            "that distances in such a feature space mean little."
        )


def require_unseen(hashes: npt.NDArray[np.uint64], seen: Mapping[str, npt.NDArray[np.uint64]]) -> None:
    """Refuse to score models on images that they were trained on.

    Args:
        hashes: hashes of the test images.
        seen: for each model, the hashes of its training images.

    Raises:
        EvaluationError: some test image is among them.
    """
    for name, training_hashes in seen.items():
        shared = int(np.isin(hashes, training_hashes).sum())
        if shared:
            raise EvaluationError(
                f"{shared} of {len(hashes)} test images are among those that {name} was trained on, so its "
                "scores would flatter it. Train it on the data that is prepared now: run `dvc repro`."
            )


def require_enough(count: int, available: int) -> None:
    """Refuse to compare with fewer test images than samples, since distances depend on both numbers.

    Raises:
        EvaluationError: fewer than ``count`` are available.
    """
    if available < count:
        raise EvaluationError(
            f"evaluate.num_samples is {count}, but there are only {available} test images to compare "
            f"with: set it to {available} or less, or raise data.limit."
        )


def _flatten(images: Images) -> npt.NDArray[np.uint8]:
    """The pixels of images (n, height, width, channels) that distances are taken in: uint8 (n, pixels).

    Of images with sides beyond ``MOST_PIXELS`` these are means over squares of pixels: details are for the
    features, and principal components of all pixels would take hours.
    """
    _, height, width, channels = images.shape
    side = -(-max(height, width) // MOST_PIXELS)
    rows, columns = height // side, width // side
    if side == 1:
        return images.reshape(len(images), -1)
    squares = (
        part[:, : rows * side, : columns * side].reshape(-1, rows, side, columns, side, channels)
        for part in mapped.blocks(images)
    )
    means = [np.rint(part.mean(axis=(2, 4), dtype=np.float32)).astype(np.uint8) for part in squares]
    return np.concatenate(means).reshape(len(images), -1)
