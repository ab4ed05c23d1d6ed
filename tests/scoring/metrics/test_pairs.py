"""Values of all pairs, in blocks, are what they are without blocks."""

import numpy as np

from latentlab.scoring.metrics.pairs import ROWS, member_sums, products, squared_distances


def test_products_and_distances_by_hand() -> None:
    x, y = np.array([[3, 4], [0, 0]], np.uint8), np.array([[0, 0], [3, 0], [6, 8]], np.uint8)
    [(rows, block)] = products(x, y)
    assert rows == slice(0, 2)
    np.testing.assert_array_equal(block, [[0, 9, 50], [0, 0, 0]])
    [(_, distances)] = squared_distances(x, y)
    np.testing.assert_array_equal(distances, [[25, 16, 25], [0, 9, 100]])
    assert block.dtype == distances.dtype == np.float64


def test_blocks_cover_every_row_once() -> None:
    x = np.random.default_rng(0).normal(size=(2 * ROWS + 3, 4)).astype(np.float32)
    parts = list(squared_distances(x, x[:5]))
    assert [(rows.start, rows.stop) for rows, _ in parts] == [
        (0, ROWS),
        (ROWS, 2 * ROWS),
        (2 * ROWS, 2 * ROWS + 3),
    ]
    direct = np.sum((x[:, np.newaxis].astype(np.float64) - x[:5]) ** 2, axis=2)
    np.testing.assert_allclose(np.concatenate([block for _, block in parts]), direct, atol=1e-12)


def test_distances_are_never_negative() -> None:
    x = np.random.default_rng(1).normal(1e4, 1, size=(50, 30))
    assert all(block.min() >= 0 for _, block in squared_distances(x, x.copy()))


def test_sums_over_members_by_hand() -> None:
    """Of the values 1 to 6, both rows with the last two columns: 2 + 3 + 5 + 6; row 1 with column 0: 4."""
    blocks = [(slice(0, 1), np.array([[1.0, 2, 3]])), (slice(1, 2), np.array([[4.0, 5, 6]]))]
    x_members = np.array([[True, True], [False, True]])
    y_members = np.array([[False, True, True], [True, False, False]])
    np.testing.assert_array_equal(member_sums(blocks, x_members, y_members), [16, 4])
