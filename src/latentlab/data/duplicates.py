"""Finds equal images, by their hashes."""

import hashlib

import numpy as np
import numpy.typing as npt

from latentlab.core import mapped

Hashes = npt.NDArray[np.void]

# A digest as one element: text would lose its zeros at the end.
HASH = np.dtype("V32")


def image_hashes(images: npt.NDArray[np.uint8]) -> Hashes:
    """SHA-256 of the pixels of each image, for images of one shape: 32 bytes each, (n,).

    Args:
        images: uint8 (n, height, width, channels); of those on disk a few at a time are read.
    """
    digests = [
        b"".join(hashlib.sha256(image).digest() for image in np.ascontiguousarray(block))
        for block in mapped.blocks(images)
    ]
    return np.frombuffer(b"".join(digests), HASH)


def short_hashes(images: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint64]:
    """The first 8 bytes of each image's hash as a number: uint64 (n,), rising, to look images up in."""
    return np.sort(image_hashes(images).view(np.uint64).reshape(-1, 4)[:, 0])


def first_occurrences(images: npt.NDArray[np.uint8], excluded: Hashes | None = None) -> npt.NDArray[np.intp]:
    """Positions, rising, of the images that equal no earlier one and whose hash is not excluded.

    Args:
        images: uint8 (n, height, width, channels).
        excluded: hashes as ``image_hashes`` gives them.
    """
    before = np.empty(0, HASH) if excluded is None else excluded
    _, first = np.unique(np.concatenate([before, image_hashes(images)]), return_index=True)
    return np.sort(first[first >= len(before)]) - len(before)
