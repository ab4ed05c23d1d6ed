"""Reads images and labels from a NumPy archive, without pickle, a few images at a time.

An ``.npz`` file is a zip archive of ``.npy`` files, each a header and then the elements (NumPy Enhancement
Proposal 1). Of the arrays these are read: ``x_train``, and where they are there ``y_train``, ``x_test`` and
``y_test``.
"""

import math
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, NamedTuple

import numpy as np
import numpy.typing as npt

from latentlab import mapped
from latentlab.data.folder import find_archive
from latentlab.data.labelled import Labelled
from latentlab.errors import DataError

# Of one array, as its header states it.
MAX_BYTES = 2**33
# Labels are kept as single bytes.
MAX_CLASSES = 256

Images = npt.NDArray[np.uint8]
Keep = Callable[[Iterable[Images]], Images]


class Header(NamedTuple):
    """What an array in an archive says of itself."""

    shape: tuple[int, ...]
    dtype: np.dtype[np.generic]


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
    place = find_archive(path)
    with _explaining(place):
        archive = zipfile.ZipFile(place)
    with archive:
        names = {name.removesuffix(".npy") for name in archive.namelist()}
        if "x_train" not in names:
            raise _unfit(place, "an array x_train", f"{', '.join(sorted(names)) or 'nothing'}")
        if "x_test" in names and ("y_test" in names) != ("y_train" in names):
            raise _unfit(place, "labels for both parts or for none", "only y_train or only y_test")
        parts = [
            _load_part(archive, place, part, f"y_{part}" in names, keep)
            for part in ("train", "test")
            if f"x_{part}" in names
        ]
    train, test = (*parts, None)[:2]
    assert train
    if test and test.images.shape[1:] != train.images.shape[1:]:
        raise _unfit(place, f"images of {train.images.shape[1:]} in x_test too", test.images.shape[1:])
    return train, test


def _load_part(archive: zipfile.ZipFile, place: Path, part: str, labelled: bool, keep: Keep) -> Labelled:
    images = keep(_read_images(archive, place, f"x_{part}"))
    if labelled:
        return Labelled(images, _read_labels(archive, place, f"y_{part}", len(images)))
    return Labelled(images, np.zeros(len(images), np.uint8))


def _read_images(archive: zipfile.ZipFile, place: Path, name: str) -> Iterator[Images]:
    with _explaining(place), archive.open(f"{name}.npy") as file:
        header = _read_header(file, place, name)
        shape = (*header.shape, 1) if len(header.shape) == 3 else header.shape
        if header.dtype != np.uint8 or len(shape) != 4 or shape[3] not in (1, 3) or 0 in shape:
            raise _unfit(
                place,
                f"{name} of type uint8, 0 to 255, and shape (images, height, width), or the same with 1 or 3 "
                "channels last",
                f"{header.dtype} {header.shape}",
            )
        num_bytes = math.prod(shape[1:])
        step = max(1, mapped.BLOCK_BYTES // num_bytes)
        for start in range(0, shape[0], step):
            count = min(step, shape[0] - start)
            content = _read_exactly(file, place, name, count * num_bytes)
            yield np.frombuffer(content, np.uint8).reshape(count, *shape[1:])
        _expect_end(file, place, name)


def _read_labels(archive: zipfile.ZipFile, place: Path, name: str, count: int) -> npt.NDArray[np.uint8]:
    with _explaining(place), archive.open(f"{name}.npy") as file:
        header = _read_header(file, place, name)
        if header.dtype.kind not in "iu" or header.shape not in ((count,), (count, 1)):
            raise _unfit(place, f"{name} of integers, {count} of them", f"{header.dtype} {header.shape}")
        content = _read_exactly(file, place, name, count * header.dtype.itemsize)
        _expect_end(file, place, name)
    labels = np.frombuffer(content, header.dtype)
    if not 0 <= int(labels.min()) <= int(labels.max()) < MAX_CLASSES:
        raise _unfit(place, f"{name} from 0 to {MAX_CLASSES - 1}", f"{labels.min()} to {labels.max()}")
    return labels.astype(np.uint8)


def _read_header(file: IO[bytes], place: Path, name: str) -> Header:
    version = np.lib.format.read_magic(file)
    # The third version is for names of fields, which no array of images or labels has.
    if version not in ((1, 0), (2, 0)):
        raise _unfit(place, f"{name} in version 1.0 or 2.0 of the format", f"version {version}")
    read = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
    shape, in_columns, dtype = read(file)
    if in_columns and len(shape) > 1:
        raise _unfit(place, f"{name} in C order, as np.ascontiguousarray gives it", "Fortran order")
    if dtype.hasobject or min(shape, default=0) < 0 or math.prod(shape) * dtype.itemsize > MAX_BYTES:
        raise _unfit(place, f"{name} of plain numbers, {MAX_BYTES} bytes at most", f"{dtype} {shape}")
    return Header(shape, dtype)


def _read_exactly(file: IO[bytes], place: Path, name: str, num_bytes: int) -> bytes:
    """Memory grows with what is there, not with what the header promises."""
    parts, missing = [], num_bytes
    while missing and (part := file.read(min(missing, mapped.BLOCK_BYTES))):
        parts.append(part)
        missing -= len(part)
    if missing:
        raise _unfit(place, f"as many bytes in {name} as its shape says", f"{missing} fewer")
    return b"".join(parts)


def _expect_end(file: IO[bytes], place: Path, name: str) -> None:
    # Only at its end is an array's checksum looked at.
    if file.read(1):
        raise _unfit(place, f"as many bytes in {name} as its shape says", "more")


@contextmanager
def _explaining(place: Path) -> Iterator[None]:
    try:
        yield
    except DataError:
        raise
    except Exception as error:  # A damaged archive fails in as many ways as it has parts.
        raise _unfit(place, "a whole archive as np.savez writes it", f"the error: {error}") from error


def _unfit(place: Path, expected: str, came: object) -> DataError:
    return DataError(
        f"{place}: expected {expected}; got {came}. Mend it, or change data.path in params.yaml."
    )
