"""How samples spread over the classes of the data."""

import numpy as np
import numpy.typing as npt

# A class is covered when at least this share of its share in the data is predicted as it.
COVERED_SHARE = 0.1


def class_shares(classes: npt.NDArray[np.integer], num_classes: int) -> npt.NDArray[np.float64]:
    """The share of each class among class indices (n,): float64 (num_classes,), summing to 1."""
    if not len(classes):
        raise ValueError("expected the classes of at least one image, got none")
    return np.bincount(classes, minlength=num_classes) / len(classes)


def classes_covered(sample_shares: npt.NDArray[np.float64], data_shares: npt.NDArray[np.float64]) -> int:
    """How many classes of the data get at least a tenth of their share in it among the samples."""
    present = data_shares > 0
    least = COVERED_SHARE * data_shares[present]
    # Shares are rounded, and exactly a tenth is enough.
    return int(np.sum(sample_shares[present] >= least - 1e-12))
