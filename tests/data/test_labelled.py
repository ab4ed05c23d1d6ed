"""Images and labels stay together, and are described by their bytes."""

import hashlib

import numpy as np

from latentlab.data.labelled import Labelled

PART = Labelled(np.array([10, 11, 12], np.uint8).reshape(3, 1, 1, 1), np.array([0, 1, 2], np.uint8))


def test_take_keeps_images_with_their_labels() -> None:
    taken = PART.take(np.array([2, 0]))
    assert taken.images.ravel().tolist() == [12, 10]
    assert taken.labels.tolist() == [2, 0]


def test_a_selection_of_a_selection_by_hand() -> None:
    taken = PART.take(np.array([2, 0, 1])).take(slice(1, None))
    assert taken.images.ravel().tolist() == [10, 11]
    assert [block.ravel().tolist() for block in taken.blocks()] == [[10, 11]]
    assert taken.shape == (2, 1, 1, 1)


def test_describe_hashes_images_and_then_labels() -> None:
    expected = {"count": 3, "sha256": hashlib.sha256(bytes([10, 11, 12, 0, 1, 2])).hexdigest()}
    assert PART.take(slice(None)).describe() == expected


def test_order_and_labels_count() -> None:
    found = PART.take(slice(None)).describe()
    assert PART.take(np.array([1, 0, 2])).describe() != found
    assert PART._replace(labels=PART.labels[::-1]).take(slice(None)).describe() != found
