"""Reads images and labels from a NumPy archive, a few images at a time.

Of its arrays these are read: ``x_train``, and where they are there ``y_train``, ``x_test`` and ``y_test``.
"""

import math
from collections.abc import Callable, Iterable, Iterator

import numpy as np
import numpy.typing as npt

from latentlab.core import mapped
from latentlab.core.arrays import Images
from latentlab.data import archive
from latentlab.data.archive import Archive
from latentlab.data.folder import find_archive
from latentlab.data.labelled import Labelled

ADVICE = "Mend it, or change data.path in params.yaml."
# Labels are kept as single bytes.
MAX_CLASSES = 256

Keep = Callable[[Iterable[Images]], Images]


def load(path: str | None, keep: Keep) -> tuple[Labelled, Labelled | None]:
    """The training part, and the test part if there is one.

    Args:
        path: the archive, absolute or relative to the root of the repository. Images are uint8 (n, height,
            width) or (n, height, width, 1 or 3), labels integers (n,) from 0 to 255.
        keep: what becomes of images, which come in blocks.

    Returns:
        Both parts; without labels in the archive, all are 0.

    Raises:
        DataError: the file is missing or damaged, lacks an array, or has one of another kind.
    """
    with archive.opened(find_archive(path), ADVICE) as found:
        found.require("x_train")
        names = found.names
        if "x_test" in names and ("y_test" in names) != ("y_train" in names):
            raise found.unfit("labels for both parts or for none", "only y_train or only y_test")
        parts = [_load_part(found, part, keep) for part in ("train", "test") if f"x_{part}" in names]
        train, test = (*parts, None)[:2]
        assert train
        if test and test.images.shape[1:] != train.images.shape[1:]:
            raise found.unfit(f"images of {train.images.shape[1:]} in x_test too", test.images.shape[1:])
    return train, test


def read_images(found: Archive, name: str) -> Iterator[Images]:
    """The images of an array, uint8 (n, height, width, 1 or 3), about 16 MB at a time.

    Raises:
        DataError: it is of another kind, or damaged.
    """
    with found.array(name) as array:
        header = array.header
        shape = (*header.shape, 1) if len(header.shape) == 3 else header.shape
        if header.dtype != np.uint8 or len(shape) != 4 or shape[3] not in (1, 3) or 0 in shape:
            raise found.unfit(
                f"{name} of type uint8, 0 to 255, and shape (images, height, width), or the same with 1 or 3 "
                "channels last",
                f"{header.dtype} {header.shape}",
            )
        num_bytes = math.prod(shape[1:])
        step = max(1, mapped.BLOCK_BYTES // num_bytes)
        for start in range(0, shape[0], step):
            count = min(step, shape[0] - start)
            yield np.frombuffer(array.read(count * num_bytes), np.uint8).reshape(count, *shape[1:])


def read_labels(found: Archive, name: str, count: int) -> npt.NDArray[np.uint8]:
    """The labels of so many images: uint8 (count,).

    Raises:
        DataError: there are more or fewer, they are no integers from 0 to 255, or damaged.
    """
    with found.array(name) as array:
        shape, dtype = array.header
        if dtype.kind not in "iu" or shape not in ((count,), (count, 1)):
            raise found.unfit(f"{name} of integers, {count} of them", f"{dtype} {shape}")
        labels = np.frombuffer(array.read(count * dtype.itemsize), dtype)
    if not 0 <= int(labels.min()) <= int(labels.max()) < MAX_CLASSES:
        raise found.unfit(f"{name} from 0 to {MAX_CLASSES - 1}", f"{labels.min()} to {labels.max()}")
    return labels.astype(np.uint8)


def _load_part(found: Archive, part: str, keep: Keep) -> Labelled:
    images = keep(read_images(found, f"x_{part}"))
    if f"y_{part}" in found.names:
        return Labelled(images, read_labels(found, f"y_{part}", len(images)))
    return Labelled(images, np.zeros(len(images), np.uint8))
