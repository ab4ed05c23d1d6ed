"""Whether there are images enough for what comes hours later: training tells nobody."""

import numpy as np

from latentlab.core.errors import DataError
from latentlab.core.settings import FEWEST_COMPARED
from latentlab.data.splits import Division

# A set of images is scored by its halves too, and a half of one image has no spread.
FEWEST_SCORED = 4
# A near-copy is told by the six nearest training images.
FEWEST = {"train": 6, "validation": FEWEST_SCORED, "test": FEWEST_COMPARED}


def require(division: Division, num_samples: int, limit: int | None) -> None:
    """Refuse splits that cannot be scored as the params say.

    Args:
        division: the splits.
        num_samples: images of each model, which are compared with as many of the test.
        limit: most images of each split; None for all.

    Raises:
        DataError: there are too few of a split or of every class.
    """
    counts = {split: len(part.positions) for split, part in division.splits.items()}
    for split, fewest in FEWEST.items():
        if counts[split] < fewest:
            raise DataError(
                f"data: expected {fewest} different images or more for {split}, got {counts[split]}. Choose "
                f"a larger source, data.path in params.yaml: {5 * FEWEST_COMPARED} without parts are enough."
            )
    _require_one_large_class(division)
    if counts["test"] < num_samples:
        limited = f", or raise data.limit, which is {limit}" if counts["test"] == limit else ""
        raise DataError(
            f"evaluate.num_samples: expected at most {counts['test']}, the number of test images, got "
            f"{num_samples}. Set evaluate.num_samples: {counts['test']} in params.yaml{limited}, or choose a "
            "larger source."
        )


def _require_one_large_class(division: Division) -> None:
    """The most frequent class alone is scored, to show what a collapse looks like."""
    largest = int(np.bincount(division.splits["train"].labels).max())
    if largest < FEWEST_SCORED:
        raise DataError(
            f"data: expected {FEWEST_SCORED} training images or more of some class, got at most {largest} of "
            f"each of {division.num_classes}. Raise data.limit if it is set, or choose a source with more "
            "images or fewer classes, or without labels: data.path in params.yaml."
        )
