"""How sharp images are, in pixels: what blur takes and noise adds."""

import numpy as np
import numpy.typing as npt

from latentlab.core import mapped
from latentlab.scoring.metrics.pairs import Members, Values


def sharpness(images: npt.NDArray[np.uint8]) -> Values:
    """The energy of each image's differences between neighbouring pixels, over that of its contrast.

    The energy of a gradient is a measure of focus (Krotkov 1987, the "Tenengrad"; here of plain differences);
    over the variance it is, by Parseval's theorem, a mean squared frequency: a change of contrast or
    brightness leaves it alone, and a Gaussian blur lowers it.

    Args:
        images: (n, height, width, channels).

    Returns:
        float64 (n,), 0 or more; 0 for an image of one colour.
    """
    return np.concatenate([_sharpness(block) for block in mapped.blocks(images)])


def relative_sharpness(samples: Values, real: Values, members: Members, real_members: Members) -> Values:
    """Mean sharpness of samples relative to that of real images, for each subset: 1 if they are as sharp.

    Args:
        samples, real: the sharpness of each image, (n,) and (m,).
        members, real_members: which images belong to each subset, (subsets, n) and (subsets, m).

    Returns:
        float64 (subsets,); 0 where no real image has any contrast.
    """
    means, real_means = (
        subsets @ values / subsets.sum(axis=1)
        for subsets, values in ((members, samples), (real_members, real))
    )
    return np.divide(means, real_means, out=np.zeros(len(means)), where=real_means > 0)


def _sharpness(images: npt.NDArray[np.uint8]) -> Values:
    values = images.astype(np.float32)
    gradient = sum(_energy(np.diff(values, axis=axis)) for axis in (1, 2))
    contrast = _energy(values - values.mean(axis=(1, 2), keepdims=True))
    return np.divide(gradient, contrast, out=np.zeros(len(images)), where=contrast > 0)


def _energy(values: npt.NDArray[np.float32]) -> Values:
    return np.sum(np.square(values), axis=(1, 2, 3), dtype=np.float64)
