"""Who tells the classes of samples, and whether the scores of classes are worth anything."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from latentlab.core.arrays import Images
from latentlab.scoring import features

# Of fewer, a share says nothing.
FEWEST_OF_A_CLASS = 5
# Of the errors of naming the commonest class throughout, the share that a classifier must avoid if classes
# are something to see. Folders that are named after days or cameras have images that look alike.
LEAST_AVOIDED = 0.25


class Classes(NamedTuple):
    """The classes of images as a classifier sees them.

    Attributes:
        number: how many there are; 1 where scores of classes are left out.
        classifier: looks at images; None where scores of classes are left out.
        test_accuracy: the share of test images that the classifier has right; None without labels.
        left_out: why the scores of classes are left out; None where they are not.
        commonest: the share of the commonest class among the test images.
    """

    number: int
    classifier: features.Extractor | None = None
    test_accuracy: float | None = None
    left_out: str | None = None
    commonest: float = 1.0

    @property
    def are_seen(self) -> bool:
        """Whether there are several, and look different."""
        if self.test_accuracy is None:
            return False
        return 1 - self.test_accuracy <= (1 - LEAST_AVOIDED) * (1 - self.commonest)

    def tell(self, images: Images) -> npt.NDArray[np.int64]:
        """The class of each image (n, height, width, channels): (n,); 0 where classes are left out."""
        if self.classifier is None:
            return np.zeros(len(images), np.int64)
        return self.classifier.classify(images)


def of(
    classifier: features.Extractor, accuracy: float, minimum: float, counts: npt.NDArray[np.integer]
) -> Classes:
    """What a classifier tells, if it is right often enough, and if there are images enough to compare with.

    Args:
        classifier: looks at images.
        accuracy: the share of test images that it has right.
        minimum: the accuracy below which scores of classes are left out.
        counts: test images of each class.
    """
    commonest = float(counts.max() / counts.sum())
    if accuracy < minimum:
        reason = (
            f"the classifier reaches {accuracy:.3f} accuracy on the test images, and "
            f"evaluate.minimum_accuracy is {minimum}"
        )
    elif not enough_of_each(counts):
        reason = (
            f"class {counts.argmin()} has {counts.min()} of the evaluate.num_samples test images, and "
            f"{FEWEST_OF_A_CLASS} of each are the least"
        )
    else:
        return Classes(classifier.num_classes, classifier, accuracy, commonest=commonest)
    return Classes(1, None, accuracy, reason, commonest)


def enough_of_each(counts: npt.NDArray[np.integer]) -> bool:
    """Whether shares of classes say something, by the number of test images of each."""
    return bool(counts.min() >= FEWEST_OF_A_CLASS)
