"""The share of near-copies: ratios by hand and by brute force, found copies, and what is none."""

import numpy as np
import pytest
from scipy.spatial.distance import cdist

from latentlab.scoring.metrics.near_copies import NearCopies, nearest_ratios
from latentlab.scoring.metrics.pairs import ROWS

LINE = np.array([[0.0], [2.0], [3.0], [4.0], [5.0], [6.0], [100.0]])


def everything(count: int) -> np.ndarray:
    return np.ones((1, count), bool)


def points(count: int, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(count, 8))


@pytest.fixture(scope="module")
def near_copies() -> NearCopies:
    return NearCopies(points(2000, 0), points(1000, 1), everything(1000))


def share(near_copies: NearCopies, samples: np.ndarray) -> float:
    return float(near_copies.score(samples, everything(len(samples)))[0])


def test_ratios_by_hand() -> None:
    """From 1/2: 1/2 over the mean of 3/2, 5/2, 7/2, 9/2, 11/2. From 2: 0 over that of 1, 2, 2, 3, 4."""
    np.testing.assert_allclose(nearest_ratios(np.array([[0.5], [2.0]]), LINE), [0.5 / 3.5, 0], rtol=1e-15)


def test_ratios_by_brute_force() -> None:
    """In more than one block."""
    images, training = points(ROWS + 50, 2), points(500, 3)
    distances = np.sort(cdist(images, training), axis=1)
    expected = distances[:, 0] / distances[:, 1:6].mean(axis=1)
    np.testing.assert_allclose(nearest_ratios(images, training), expected, rtol=1e-12)


def at_ratio(ratios: list[float]) -> np.ndarray:
    """Images y on a line with one training image at 0 and five at 1, where the ratio is y / (1 - y)."""
    return np.array([[ratio / (1 + ratio)] for ratio in ratios])


def test_the_limit_is_the_quantile_of_each_subset_and_counts_itself() -> None:
    """Test images have the ratios 0, 0.01 .. 1, whose 1 % quantile is 0.01; those from 0.5 on, 0.505."""
    training = np.array([[0.0], [1], [1], [1], [1], [1]])
    members = np.stack([np.full(101, True), np.arange(101) >= 50])
    tested = NearCopies(training, at_ratio([count / 100 for count in range(101)]), members)
    samples = at_ratio([0, 0.01 - 1e-9, 0.5, 0.6])
    assert tested.score(samples, np.ones((2, 4), bool)).tolist() == [0.5, 0.75]
    ties = NearCopies(training, at_ratio([0.5] * 3), everything(3))
    assert share(ties, at_ratio([0.5, 0.6])) == 0.5


def test_unseen_images_have_the_share_of_the_quantile(near_copies: NearCopies) -> None:
    assert share(near_copies, points(1000, 1)) == 0.01
    assert share(near_copies, points(1000, 4)) == pytest.approx(0.01, abs=0.01)


def test_a_tenth_of_copies_is_found(near_copies: NearCopies) -> None:
    mixed = np.concatenate([points(2000, 0)[:100] + points(100, 5) * 0.01, points(900, 6)])
    assert share(near_copies, mixed) == pytest.approx(0.1 + 0.9 * 0.01, abs=0.01)


def test_neither_averages_nor_noise_are_copies(near_copies: NearCopies) -> None:
    """Averages lie nearer to training images than most unseen images do, and as near to many."""
    averages = points(1000, 7) * 0.3
    nearest, unseen = (cdist(images, points(2000, 0)).min(axis=1) for images in (averages, points(1000, 1)))
    assert np.mean(nearest < np.quantile(unseen, 0.1)) > 0.4
    assert share(near_copies, averages) < 0.02
    assert share(near_copies, points(1000, 8) * 10) < 0.01


def test_an_image_that_training_repeats_is_copied_exactly_or_not_at_all() -> None:
    """Far from the origin, where distances from scalar products are off by more than those of neighbours."""
    training = np.concatenate([np.full((8, 3), 1e6 + 0.1), points(100, 9)[:, :3]])
    assert nearest_ratios(training[:1], training)[0] == 0
    assert nearest_ratios(training[:1] + 0.1, training)[0] == pytest.approx(1)


def test_exact_copies_count_where_test_images_are_copies_too() -> None:
    training = points(50, 10)
    tested = NearCopies(training, np.concatenate([training[:5], points(95, 11)]), everything(100))
    assert share(tested, np.concatenate([training[5:15], points(10, 12)])) == 0.5


@pytest.mark.parametrize("shape", [(5, 3), (7,)])
def test_too_few_or_misshapen_training_images_are_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match=r"expected at least 6 training images \(n, d\), got"):
        NearCopies(np.zeros(shape), np.zeros((4, 3)), everything(4))
