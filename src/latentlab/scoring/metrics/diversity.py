"""How different images of one class are, in pixels."""

import numpy as np
import numpy.typing as npt

from latentlab.scoring.metrics.pairs import Blocks, Members, Values, Vectors, member_sums, squared_distances


def mean_distances(
    pixels: Vectors, classes: npt.NDArray[np.integer], num_classes: int, members: Members
) -> Values:
    """The mean Euclidean distance of pairs of different images of one class.

    Args:
        pixels: images, (n, pixels).
        classes: their classes, (n,).
        num_classes: classes in the data.
        members: which images belong to each subset, (subsets, n).

    Returns:
        float64 (subsets, num_classes); NaN where a class has fewer than two members.
    """
    means = np.full((len(members), num_classes), np.nan)
    for label in np.unique(classes):
        chosen = classes == label
        of_class = members[:, chosen]
        sizes = of_class.sum(axis=1)
        sums = member_sums(_distances(pixels[chosen]), of_class, of_class)
        np.divide(sums, sizes * (sizes - 1), out=means[:, label], where=sizes > 1)
    return means


def within_class_diversity(means: Values, data_means: Values, counts: Values) -> Values:
    """Mean distances within classes relative to those of the data: 1 if alike, 0 if a class is one image.

    The ratio of each class counts by how many samples have it; a class with fewer than two images on either
    side does not count.

    Args:
        means: of the samples, (subsets, classes), see ``mean_distances``.
        data_means: of real images, in the same way.
        counts: samples of each class, (subsets, classes).

    Returns:
        float64 (subsets,); 0 where no class counts.
    """
    known = np.isfinite(means) & np.isfinite(data_means) & (data_means > 0)
    ratios = np.divide(means, data_means, out=np.zeros_like(means), where=known)
    weights = np.where(known, counts, 0)
    return np.sum(weights * ratios, axis=1) / np.maximum(weights.sum(axis=1), 1)


def _distances(pixels: Vectors) -> Blocks:
    for rows, block in squared_distances(pixels, pixels):
        # Rounding leaves an image at some distance from itself.
        block[np.arange(len(block)), np.arange(rows.start, rows.stop)] = 0
        yield rows, np.sqrt(block, out=block)
