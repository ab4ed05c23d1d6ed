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


def rows(array: npt.NDArray[Any], index: npt.NDArray[np.integer] | slice) -> npt.NDArray[Any]:
    """A copy of some rows of an array, in the order of the index."""
    chosen = np.array(array[index], order="C")
    if isinstance(array, np.memmap) and hasattr(mmap, "MADV_DONTNEED"):
        array._mmap.madvise(mmap.MADV_DONTNEED)  # type: ignore[attr-defined]  # NumPy names it nowhere
    return chosen


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
