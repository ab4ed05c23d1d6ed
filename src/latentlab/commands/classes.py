"""Which class a conditional model is told of each image."""

import keras
import numpy as np

from latentlab.core.arrays import Labels
from latentlab.core.errors import CommandError
from latentlab.learning.conditioning import num_classes_of


def told(model: keras.Model, count: int, label: int | None, own: Labels | None) -> Labels | None:
    """The class of each of some images, (count,): the one asked for, else their own.

    Args:
        model: the network that is told.
        count: how many images there are.
        label: the class that is asked for, if any.
        own: the labels that the images came with, if any.

    Returns:
        None for a model that is not told the class.

    Raises:
        CommandError: the model expects a class and gets none, knows fewer classes, or is told none at all.
    """
    num_classes = num_classes_of(model)
    if not num_classes:
        if label is not None:
            raise CommandError(
                f"--class: expected none, because this model is not told the class; got {label}. Leave it "
                "out, or set `conditional: true` in the model's section of params.yaml and run `dvc repro`."
            )
        return None
    if label is not None:
        return np.full(count, within(label, num_classes), np.uint8)
    if own is None:
        raise CommandError(
            f"--class: expected a class from 0 to {num_classes - 1}, because this model is told the class "
            "and there are no labels; got none. Give --class."
        )
    within(int(own.max()), num_classes)
    return own


def within(label: int, num_classes: int) -> int:
    """A class that a model knows.

    Raises:
        CommandError: it does not.
    """
    if label >= num_classes:
        raise CommandError(
            f"expected a class from 0 to {num_classes - 1}, which are all that this model knows, got "
            f"{label}. Correct --class, or the labels."
        )
    return label
