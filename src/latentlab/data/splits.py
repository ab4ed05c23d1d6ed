"""Divides labelled images into training, validation and test images.

Every split is shuffled so that each stretch from its start holds the classes in their shares: the
first n of a split are a stratified sample of it. No image is in two splits, by the hash of its pixels.
"""

from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from latentlab.core.errors import DataError
from latentlab.data import duplicates
from latentlab.data.labelled import Labelled, Selection

# For the test, and as many for validation, of a source without a test part of its own, or a fifth of it where
# that is less. Training takes what is left, the middle of a class first: of a single image it gets that one.
POOL_PART = 1_000
# Held out of an official training part, or a sixth of it where that is less.
OFFICIAL_VALIDATION = 5_000


class Division(NamedTuple):
    """The splits of a source, and what was found while dividing it.

    Attributes:
        splits: under train, validation and test.
        num_classes: labels are 0 to ``num_classes`` - 1, and training has an image of each.
        num_duplicates: images left out of training and validation because an equal one is used already.
    """

    splits: dict[str, Selection]
    num_classes: int
    num_duplicates: int


def of_pool(pool: Labelled, seed: int, limit: int | None) -> Division:
    """Divide a source of one part: 1,000 images for the test, 1,000 for validation, the rest for training.

    Of fewer than 5,000 images a fifth is for the test, and a fifth for validation. Of equal images the first
    alone is used.

    Args:
        pool: all images, uint8 (n, height, width, channels), and labels, uint8 (n,).
        seed: decides which image goes where.
        limit: most images of each split; None for all.

    Raises:
        DataError: a split would be empty, or a class would have no image for training.
    """
    unique = pool.take(duplicates.first_occurrences(pool.images))
    shuffled = _stratify(unique, np.random.default_rng(seed))
    size = min(POOL_PART, len(unique.positions) // 5)
    test, validation, train = _cut(shuffled, size, 2 * size)
    return _complete(train, validation, test, limit, num_duplicates=len(pool.labels) - len(unique.positions))


def of_official(train: Labelled, test: Labelled, seed: int, limit: int | None) -> Division:
    """Keep the test part, and hold validation images out of the training part: 5,000, at most a sixth of it.

    The test part stays whole. Training images that equal one of the test part or an earlier
    training image are left out.

    Args:
        train: the source's training part, uint8 images (n, height, width, channels) and labels (n,).
        test: the source's test part, with images of the same shape.
        seed: decides which image is held out, and all orders.
        limit: most images of each split; None for all.

    Raises:
        DataError: a split would be empty, or a class would have no image for training.
    """
    unique = train.take(duplicates.first_occurrences(train.images, duplicates.image_hashes(test.images)))
    rng = np.random.default_rng(seed)
    num_validation = min(OFFICIAL_VALIDATION, len(unique.positions) // 6)
    validation, kept = _cut(_stratify(unique, rng), num_validation)
    dropped = len(train.labels) - len(unique.positions)
    return _complete(kept, validation, _stratify(test.take(slice(None)), rng), limit, num_duplicates=dropped)


def of_parts(
    train: Labelled, validation: Labelled, test: Labelled | None, seed: int, limit: int | None
) -> Division:
    """Keep the parts for validation and test; without the latter, hold 1,000 training images out, or a fifth.

    The test part stays whole. Training images that equal one of another part or an earlier training image are
    left out, and so are validation images that equal one of the test part or an earlier one.

    Args:
        train: the source's training part, uint8 images (n, height, width, channels) and labels (n,).
        validation: its part for validation, with images of the same shape.
        test: its test part, with images of the same shape; None if it has none.
        seed: decides which image is held out, and all orders.
        limit: most images of each split; None for all.

    Raises:
        DataError: a split would be empty, or a class would have no image for training.
    """
    rng = np.random.default_rng(seed)
    tested = duplicates.image_hashes(test.images if test else train.images[:0])
    validated = np.concatenate([tested, duplicates.image_hashes(validation.images)])
    kept = validation.take(duplicates.first_occurrences(validation.images, tested))
    unique = train.take(duplicates.first_occurrences(train.images, validated))
    dropped = len(train.labels) + len(validation.labels) - len(unique.positions) - len(kept.positions)
    shuffled = _stratify(unique, rng)
    num_test = 0 if test else min(POOL_PART, len(unique.positions) // 5)
    held_out, rest = _cut(shuffled, num_test)
    whole = _stratify(test.take(slice(None)), rng) if test else held_out
    return _complete(rest, _stratify(kept, rng), whole, limit, num_duplicates=dropped)


def stratified_order(labels: npt.NDArray[np.uint8], rng: np.random.Generator) -> npt.NDArray[np.intp]:
    """A random order in which the first k, for every k, hold the classes in proportion.

    Image j of a class of size n, counted from 0, comes (j + 1/2) / n of the way. So the first k are
    shared out among the classes as seats are by the method of Webster and Sainte-Laguë (Balinski and
    Young, "Fair Representation", 1982); ties are broken at random.

    Args:
        labels: uint8 (n,).
        rng: shuffles each class and breaks ties.

    Returns:
        A permutation of 0 to n - 1.
    """
    due = np.empty(len(labels))
    for label in np.unique(labels):
        members = rng.permutation(np.flatnonzero(labels == label))
        due[members] = (np.arange(len(members)) + 0.5) / len(members)
    return np.lexsort((rng.random(len(labels)), due))


def _stratify(part: Selection, rng: np.random.Generator) -> Selection:
    return part.take(stratified_order(part.labels, rng))


def _cut(part: Selection, *positions: int) -> list[Selection]:
    bounds = (0, *positions, len(part.positions))
    return [part.take(slice(start, end)) for start, end in pairwise(bounds)]


def _complete(
    train: Selection, validation: Selection, test: Selection, limit: int | None, num_duplicates: int
) -> Division:
    whole = {"train": train, "validation": validation, "test": test}
    splits = {name: part.take(slice(limit)) for name, part in whole.items()}
    for name, part in splits.items():
        if len(part.positions) == 0:
            raise DataError(
                f"data: expected enough different images for every split, got none for {name}. "
                "Choose a larger source: data.source or data.path in params.yaml."
            )
    return Division(splits, _count_classes(whole, splits["train"]), num_duplicates)


def _count_classes(whole: dict[str, Selection], train: Selection) -> int:
    num_classes = 1 + max(int(part.labels.max()) for part in whole.values())
    missing = np.setdiff1d(np.arange(num_classes), train.labels)
    if missing.size:
        raise DataError(
            f"data: expected a training image of every class from 0 to {num_classes - 1}, the highest label, "
            f"got none of {missing.tolist()}. Raise data.limit if it is set, or choose files "
            "whose labels count from 0 without gaps."
        )
    return num_classes
