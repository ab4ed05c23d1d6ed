"""Finds equal images, by their hashes."""

import hashlib
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from latentlab import mapped


def image_hashes(images: npt.NDArray[np.uint8]) -> list[bytes]:
    """SHA-256 of the pixels of each image, for images of one shape.

    Args:
        images: uint8 (n, height, width, channels); of those on disk a few at a time are read.
    """
    return [
        hashlib.sha256(image).digest()
        for block in mapped.blocks(images)
        for image in np.ascontiguousarray(block)
    ]


def short_hashes(images: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint64]:
    """The first 8 bytes of each image's hash as a number: uint64 (n,), rising, to look images up in."""
    return np.sort(np.frombuffer(b"".join(value[:8] for value in image_hashes(images)), np.uint64))


def first_occurrences(images: npt.NDArray[np.uint8], excluded: Iterable[bytes] = ()) -> npt.NDArray[np.intp]:
    """Positions, rising, of the images that equal no earlier one and whose hash is not excluded.

    Args:
        images: uint8 (n, height, width, channels).
        excluded: hashes as ``image_hashes`` gives them.
    """
    seen = set(excluded)
    kept = []
    for position, image_hash in enumerate(image_hashes(images)):
        if image_hash not in seen:
            kept.append(position)
        seen.add(image_hash)
    return np.array(kept, dtype=np.intp)
