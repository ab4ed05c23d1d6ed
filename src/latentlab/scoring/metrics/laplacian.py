"""The Laplacian pyramid: images as a sum of details, each level half as wide as the one before."""

import numpy as np
import numpy.typing as npt
import scipy.ndimage

from latentlab.core.arrays import Images

Level = npt.NDArray[np.float32]

# Of Burt and Adelson 1983, figure 2 with a = 3/8, in each direction.
FILTER = np.array([1, 4, 6, 4, 1]) / 16
# Room for two patches of 7 pixels side by side: 32 pixels end at 16, 28 at 14.
LEAST_SIDE = 14


def laplacian_pyramid(images: Images) -> list[Level]:
    """Split images into levels (Burt and Adelson 1983), from the finest to the coarsest.

    A level is what images lose when they are smoothed and halved; the last is what is left, once another
    half would have a side below 14. From the last on, a level plus the expanded next gives the images back.

    Args:
        images: (n, height, width, channels).

    Returns:
        Levels (n, height, width, channels), whose height and width halve, rounded up.
    """
    levels = [images.astype(np.float32)]
    while min(levels[-1].shape[1:3]) > 2 * (LEAST_SIDE - 1):
        finer = levels[-1]
        levels.append(_smooth(finer)[:, ::2, ::2])
        finer -= expand(levels[-1], finer.shape)
    return levels


def expand(images: Level, shape: tuple[int, ...]) -> Level:
    """Images (n, height, width, channels) at twice their height and width, or one less as ``shape`` says."""
    spread = np.zeros(shape, np.float32)
    # Three pixels in four stay 0.
    spread[:, ::2, ::2] = 4 * images
    return _smooth(spread)


def _smooth(images: Level) -> Level:
    down = scipy.ndimage.correlate1d(images, FILTER, axis=1, mode="mirror")
    return scipy.ndimage.correlate1d(down, FILTER, axis=2, mode="mirror")
