"""Reads arrays out of a user's NumPy archive, without pickle, and believes nothing that it says of itself.

An ``.npz`` file is a zip archive of ``.npy`` files, each a header and then the elements (NumPy Enhancement
Proposal 1).
"""

import math
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, NamedTuple

import numpy as np

from latentlab.core import mapped
from latentlab.core.errors import DataError

# Of one array, as its header states it.
MAX_BYTES = 2**33


class Header(NamedTuple):
    """What an array in an archive says of itself."""

    shape: tuple[int, ...]
    dtype: np.dtype[np.generic]


class Archive:
    """An archive that is open.

    Attributes:
        names: of its arrays.
    """

    def __init__(self, archive: zipfile.ZipFile, place: Path, advice: str) -> None:
        """Read an archive that lies at a place; every error ends with the advice."""
        self._archive, self._place, self._advice = archive, place, advice
        self.names = {name.removesuffix(".npy") for name in archive.namelist()}

    def require(self, name: str) -> None:
        """Refuse an archive without an array of this name.

        Raises:
            DataError: as said.
        """
        if name not in self.names:
            raise self.unfit(f"an array {name}", ", ".join(sorted(self.names)) or "nothing")

    @contextmanager
    def array(self, name: str) -> Iterator["Array"]:
        """An array that the block reads to its end, where its checksum is looked at.

        Raises:
            DataError: it is damaged, of Fortran order, of objects, or larger than ``MAX_BYTES``.
        """
        with _explaining(self._place, self._advice), self._archive.open(f"{name}.npy") as file:
            array = Array(self, name, file)
            yield array
            array.expect_end()

    def header(self, name: str) -> Header:
        """What an array says of itself, which is not to be believed.

        Raises:
            DataError: as ``array`` does.
        """
        with _explaining(self._place, self._advice), self._archive.open(f"{name}.npy") as file:
            return Array(self, name, file).header

    def unfit(self, expected: str, came: object) -> DataError:
        """The error of an archive in which something else came than was expected."""
        return _unfit(self._place, expected, came, self._advice)


class Array:
    """An array that is being read.

    Attributes:
        header: its shape and type.
    """

    def __init__(self, archive: Archive, name: str, file: IO[bytes]) -> None:
        """Read the header of what an archive has under a name."""
        self._archive, self._name, self._file = archive, name, file
        self.header = self._read_header()

    def read(self, num_bytes: int) -> bytes:
        """The next bytes; memory grows with what is there, not with what the header promises.

        Raises:
            DataError: there are fewer.
        """
        parts, missing = [], num_bytes
        while missing and (part := self._file.read(min(missing, mapped.BLOCK_BYTES))):
            parts.append(part)
            missing -= len(part)
        if missing:
            raise self._wrong_length(f"{missing} fewer")
        return b"".join(parts)

    def expect_end(self) -> None:
        """Refuse more bytes than the header promised.

        Raises:
            DataError: as said.
        """
        if self._file.read(1):
            raise self._wrong_length("more")

    def _read_header(self) -> Header:
        name, formats = self._name, np.lib.format
        version = formats.read_magic(self._file)
        # The third version is for names of fields, which no array of images or labels has.
        if version not in ((1, 0), (2, 0)):
            raise self._archive.unfit(f"{name} in version 1.0 or 2.0 of the format", f"version {version}")
        read = formats.read_array_header_1_0 if version == (1, 0) else formats.read_array_header_2_0
        shape, in_columns, dtype = read(self._file)
        if in_columns and len(shape) > 1:
            raise self._archive.unfit(f"{name} in C order, as np.ascontiguousarray gives it", "Fortran order")
        if dtype.hasobject or min(shape, default=0) < 0 or math.prod(shape) * dtype.itemsize > MAX_BYTES:
            raise self._archive.unfit(
                f"{name} of plain numbers, {MAX_BYTES} bytes at most", f"{dtype} {shape}"
            )
        return Header(shape, dtype)

    def _wrong_length(self, came: str) -> DataError:
        return self._archive.unfit(f"as many bytes in {self._name} as its shape says", came)


@contextmanager
def opened(place: Path, advice: str) -> Iterator[Archive]:
    """The archive at a place.

    Args:
        place: the file.
        advice: what every error ends with: what the user can do.

    Raises:
        DataError: it is missing, or no archive.
    """
    with _explaining(place, advice):
        archive = zipfile.ZipFile(place)
    with archive:
        yield Archive(archive, place, advice)


@contextmanager
def _explaining(place: Path, advice: str) -> Iterator[None]:
    try:
        yield
    except DataError:
        raise
    except Exception as error:  # A damaged archive fails in as many ways as it has parts.
        raise _unfit(place, "a whole archive as np.savez writes it", f"the error: {error}", advice) from error


def _unfit(place: Path, expected: str, came: object, advice: str) -> DataError:
    return DataError(f"{place}: expected {expected}; got {came}. {advice}")
