"""Equal images are found, whatever their labels, and nothing else is."""

import hashlib

import numpy as np

from latentlab.data import duplicates


def test_hash_is_that_of_the_pixels() -> None:
    images = np.array([[[[1], [2]]], [[[3], [4]]]], dtype=np.uint8)
    expected = [hashlib.sha256(pixels).digest() for pixels in (b"\1\2", b"\3\4")]
    assert duplicates.image_hashes(images).tolist() == expected


def test_hash_does_not_depend_on_the_layout_in_memory() -> None:
    images = np.arange(24, dtype=np.uint8).reshape(2, 3, 4, 1)
    hashes = duplicates.image_hashes(images)
    assert np.array_equal(duplicates.image_hashes(np.asfortranarray(images)), hashes)


def test_first_occurrences_by_hand() -> None:
    images = np.array([5, 3, 5, 9, 3, 7], dtype=np.uint8).reshape(-1, 1, 1, 1)
    assert duplicates.first_occurrences(images).tolist() == [0, 1, 3, 5]
    excluded = duplicates.image_hashes(images[3:4])
    assert duplicates.first_occurrences(images, excluded).tolist() == [0, 1, 5]


def test_images_that_differ_in_one_bit_are_not_equal() -> None:
    images = np.zeros((2, 28, 28, 1), np.uint8)
    images[1, -1, -1, 0] = 1
    assert len(duplicates.first_occurrences(images)) == 2


def test_short_hashes_are_the_starts_of_the_long_ones_in_rising_order() -> None:
    images = np.arange(5, dtype=np.uint8).reshape(-1, 1, 1, 1)
    starts = [image_hash[:8] for image_hash in duplicates.image_hashes(images).tolist()]
    expected = np.sort(np.frombuffer(b"".join(starts), np.uint64))
    assert np.array_equal(duplicates.short_hashes(images), expected)
