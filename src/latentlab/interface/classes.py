"""Which class a model is told of each image."""

import numpy as np
import numpy.typing as npt

from latentlab.core.arrays import Labels
from latentlab.core.errors import RequestError


def told(num_classes: int, count: int, labels: npt.ArrayLike | None) -> Labels | None:
    """The class of each of some images, (count,).

    Args:
        num_classes: how many classes the model is told apart; 0 for one that is told none.
        count: how many images there are.
        labels: the class of each, (count,), or one class of all, counted from 0.

    Returns:
        None for a model that is not told the class.

    Raises:
        RequestError: the model expects classes and gets none, or others than it knows; or is told none.
    """
    if not num_classes:
        if labels is not None:
            raise RequestError(
                f"expected no class, because this model is not told the class; got {_brief(labels)}. Leave "
                "it out, or set `conditional: true` in its section of params.yaml and run `dvc repro`."
            )
        return None
    if labels is None:
        raise RequestError(
            f"expected a class from 0 to {num_classes - 1} for each image, because this model is told the "
            "class; got none."
        )
    return _known(num_classes, _of_each(count, labels))


def _of_each(count: int, labels: npt.ArrayLike) -> Labels:
    found = np.asarray(labels)
    if found.dtype.kind not in "iu" or found.shape not in ((), (count,)):
        raise RequestError(
            f"expected the class of each image, integers ({count},), or one class of all; got {found.dtype} "
            f"{found.shape}."
        )
    return np.broadcast_to(found, count)


def _known(num_classes: int, labels: Labels) -> Labels:
    wrong = labels[(labels < 0) | (labels >= num_classes)]
    if len(wrong):
        raise RequestError(
            f"expected a class from 0 to {num_classes - 1}, which are all that are known, got {wrong[0]}."
        )
    return labels.astype(np.uint8)


def _brief(labels: npt.ArrayLike) -> str:
    found = np.asarray(labels)
    return str(found) if found.ndim == 0 else f"{len(found)} labels"
