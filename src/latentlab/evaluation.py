"""The scores of trained models, and what makes them worth reading."""

from collections.abc import Mapping
from typing import Any

import keras
import numpy as np
import numpy.typing as npt

from latentlab import features
from latentlab.errors import EvaluationError
from latentlab.metrics.frechet import frechet_distance, gaussian_statistics
from latentlab.metrics.modes import class_shares, classes_covered

Images = npt.NDArray[np.uint8]
Labels = npt.NDArray[np.uint8]


class Judge:
    """Scores sets of images by what one classifier sees in them, against one set of real images."""

    def __init__(self, classifier: keras.Sequential, images: Images, labels: Labels) -> None:
        """Take real images, uint8 (n, height, width, channels), and their labels (n,) as the reference."""
        self._extractor = features.Extractor(classifier)
        seen, _ = self._extractor.extract(images)
        self._statistics = gaussian_statistics(seen)
        self._shares = class_shares(labels, self._extractor.num_classes)

    def score(self, images: Images) -> dict[str, Any]:
        """The scores of generated or real images, with their number."""
        seen, predicted = self._extractor.extract(images)
        shares = class_shares(predicted, self._extractor.num_classes)
        return {
            "frechet_distance": frechet_distance(gaussian_statistics(seen), self._statistics),
            "classes_covered": classes_covered(shares, self._shares),
            "class_histogram": shares.tolist(),
            "num_samples": len(images),
        }


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


def require_enough(count: int, **available: int) -> None:
    """Refuse to compare with fewer real images than samples, since distances depend on both numbers.

    Raises:
        EvaluationError: a split holds fewer than ``count`` images.
    """
    for split, number in available.items():
        if number < count:
            raise EvaluationError(
                f"evaluate.num_samples is {count}, but there are only {number} {split} images to compare "
                f"with: set it to {number} or less, or raise data.limit."
            )


def one_class(images: Images, labels: Labels, count: int) -> Images:
    """Up to ``count`` real images of the most frequent class alone, as after a total mode collapse."""
    frequent = np.flatnonzero(labels == np.bincount(labels).argmax())
    return images[frequent[:count]]
