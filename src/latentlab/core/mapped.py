"""Arrays that may be larger than memory: read a few rows at a time, and kept on disk alone.

The pages of a mapped file that a process has read count as its memory until they are given back. What was
given back is still in the system's cache, so reading it again costs next to nothing.
"""

import mmap
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

BLOCK_BYTES = 2**24
# A mapped array up to this size is left where it is.
LARGE_BYTES = 2**26
# Around each row that is read in random order, the system may map 2 MB.
ROWS_AT_ONCE = 32


def rows(array: npt.NDArray[Any], index: npt.NDArray[np.integer] | slice) -> npt.NDArray[Any]:
    """A copy of some rows of an array, in the order of the index, which may have several axes."""
    if not _is_large(array):
        return np.array(array[index], order="C")
    if isinstance(index, slice):
        chosen = np.array(array[index], order="C")
        _give_back(array)
        return chosen
    chosen, flat = np.empty((index.size, *array.shape[1:]), array.dtype), index.reshape(-1)
    for start in range(0, len(flat), ROWS_AT_ONCE):
        part = slice(start, start + ROWS_AT_ONCE)
        chosen[part] = array[flat[part]]
        _give_back(array)
    return chosen.reshape(*index.shape, *array.shape[1:])


def blocks(
    array: npt.NDArray[Any], index: npt.NDArray[np.integer] | None = None
) -> Iterator[npt.NDArray[Any]]:
    """Copies of all rows, or of those at an index, in their order: about 16 MB at a time, or one row."""
    count = len(array) if index is None else len(index)
    step = max(1, BLOCK_BYTES * len(array) // max(1, array.nbytes))
    for start in range(0, count, step):
        part = slice(start, min(start + step, count))
        yield rows(array, part if index is None else index[part])


def spool(parts: Iterable[npt.NDArray[np.uint8]], folder: Path) -> npt.NDArray[np.uint8]:
    """Write images block by block to a file without a name, which goes when the array or the process does.

    Args:
        parts: uint8 (n, height, width, channels), all of one shape but for n.
        folder: on the disk that the file shall take room on.

    Returns:
        All rows, mapped from the file, read-only; an array of no rows where there are none.
    """
    folder.mkdir(parents=True, exist_ok=True)
    shape: tuple[int, ...] = (0, 0, 0, 0)
    # Written as a file and not as a map, in which a full disk would end the process without a word.
    with tempfile.TemporaryFile(dir=folder) as file:
        for part in parts:
            file.write(np.ascontiguousarray(part).data)
            shape = (shape[0] + len(part), *part.shape[1:])
        file.flush()
        return np.memmap(file, np.uint8, "r", shape=shape) if np.prod(shape) else np.empty(shape, np.uint8)


def _is_large(array: npt.NDArray[Any]) -> bool:
    return isinstance(array, np.memmap) and array.nbytes > LARGE_BYTES and hasattr(mmap, "MADV_DONTNEED")


def _give_back(array: Any) -> None:
    array._mmap.madvise(mmap.MADV_DONTNEED)
