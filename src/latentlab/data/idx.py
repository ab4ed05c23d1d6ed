"""Reads IDX files, the format of MNIST and its relatives, and believes nothing that they say of themselves.

An IDX file is a header of big-endian 32-bit numbers (a magic number, then the length of each axis)
followed by the elements, here unsigned bytes, the last axis varying fastest.
Source: "The MNIST database of handwritten digits" (LeCun, Cortes, Burges), section "File formats".
"""

import gzip
import math
import struct
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import BinaryIO, cast

import numpy as np
import numpy.typing as npt

from latentlab.core.errors import DataError
from latentlab.data import catalogue
from latentlab.data.labelled import Labelled

# The largest published relative of MNIST, EMNIST by class, has 547 MB of training images.
MAX_BYTES = 2**30
CHUNK_BYTES = 2**20


def load(files: Mapping[str, Path]) -> tuple[Labelled, Labelled]:
    """The training part and the test part of the four files.

    Args:
        files: the place of each file named in ``catalogue.FILES``; gzip where it ends in ``.gz``.

    Returns:
        Both parts, with images uint8 (n, height, width, 1) and labels uint8 (n,).

    Raises:
        DataError: a file cannot be read, is damaged, too large or empty, or does not fit the others.
    """
    train, test = (
        _load_part(files[images], files[labels]) for images, labels in (catalogue.TRAIN, catalogue.TEST)
    )
    expected, came = train.images.shape[1:3], test.images.shape[1:3]
    if came != expected:
        raise _unfit(files[catalogue.TEST[0]], f"images of {expected} pixels as in the training part", came)
    return train, test


def read(path: Path, axes: int) -> npt.NDArray[np.uint8]:
    """The array in one IDX file of unsigned bytes.

    Args:
        path: the file; gzip if its name ends in ``.gz``, raw otherwise.
        axes: how many axes the array must have.

    Returns:
        uint8, each axis as long as the header says.

    Raises:
        DataError: the file cannot be read, is not gzip, is not such an array, holds none, too few or
            too many bytes, or claims more than ``MAX_BYTES``.
    """
    try:
        with _open(path) as file:
            shape = _read_shape(file, path, axes)
            num_bytes = math.prod(shape)
            if not 0 < num_bytes <= MAX_BYTES:
                raise _unfit(path, f"1 to {MAX_BYTES} bytes", f"a header that claims shape {shape}")
            # One byte more than there should be, so that trailing bytes show and gzip's checksum counts.
            content = _read_up_to(file, num_bytes + 1)
    except (OSError, EOFError, zlib.error) as error:
        kind = "a whole gzip file" if path.suffix == ".gz" else "a readable file"
        raise _unfit(path, kind, f"the error: {error}") from error
    if len(content) != num_bytes:
        came = "more" if len(content) > num_bytes else f"{len(content)} bytes"
        raise _unfit(path, f"{num_bytes} bytes after the header, shape {shape}", came)
    return np.frombuffer(content, dtype=np.uint8).reshape(shape)


def _load_part(images_path: Path, labels_path: Path) -> Labelled:
    images, labels = read(images_path, axes=3), read(labels_path, axes=1)
    if len(labels) != len(images):
        raise _unfit(
            labels_path,
            f"a label for each of the {len(images)} images of {images_path.name}",
            f"{len(labels)}",
        )
    return Labelled(images[..., np.newaxis], labels)


def _open(path: Path) -> BinaryIO:
    return cast(BinaryIO, gzip.open(path)) if path.suffix == ".gz" else path.open("rb")


def _read_shape(file: BinaryIO, path: Path, axes: int) -> tuple[int, ...]:
    header = file.read(4 * (1 + axes))
    # Two zero bytes, the code of the element type (8 for unsigned bytes), the number of axes.
    magic = bytes([0, 0, 8, axes])
    if header[:4] != magic:
        raise _unfit(
            path,
            f"the magic number {magic.hex()} (unsigned bytes, axes: {axes})",
            header[:4].hex() or "an empty file",
        )
    if len(header) < 4 * (1 + axes):
        raise _unfit(path, f"a header of {4 * (1 + axes)} bytes", f"{len(header)} bytes in all")
    return struct.unpack(f">{axes}I", header[4:])


def _read_up_to(file: BinaryIO, num_bytes: int) -> bytearray:
    """Memory grows with what is there, not with what the header promises."""
    content = bytearray()
    while len(content) < num_bytes:
        chunk = file.read(min(CHUNK_BYTES, num_bytes - len(content)))
        if not chunk:
            break
        content += chunk
    return content


def _unfit(path: Path, expected: str, came: object) -> DataError:
    return DataError(
        f"{path}: expected {expected}, got {came}. Replace the file, or change data.path in params.yaml."
    )
