import numpy as np
import pytest

from latentlab.learning.batches import Drawn, Shuffled, stacks


def numbers(count: int) -> np.ndarray:
    return np.arange(count, dtype=np.uint8)


def test_shuffled_sees_every_image_once_and_fills_the_last_batch_with_the_first() -> None:
    order = Shuffled((numbers(10),), batch_size=4, seed=1).order(epoch=1)
    assert order.shape == (3, 4)
    assert sorted(order.ravel()[:10]) == list(range(10))
    assert order.ravel()[10:].tolist() == order.ravel()[:2].tolist()


@pytest.mark.parametrize(("count", "batch_size", "steps"), [(8, 4, 2), (3, 8, 1), (9, 4, 3), (1, 1, 1)])
def test_shuffled_steps_are_rounded_up(count: int, batch_size: int, steps: int) -> None:
    order = Shuffled((numbers(count),), batch_size, seed=1).order(epoch=1)
    assert order.shape == (steps, batch_size)
    assert set(order.ravel()) == set(range(count))


def test_drawn_is_with_replacement_and_even() -> None:
    order = Drawn((numbers(10),), batch_size=100, steps=100, seed=1).order(epoch=1)
    assert order.shape == (100, 100)
    counts = np.bincount(order.ravel(), minlength=10)
    assert len(counts) == 10
    # A count of 10,000 draws of probability 1/10 has a standard deviation of 30.
    assert np.abs(counts - 1000).max() < 150
    assert any(len(set(step[:10])) < 10 for step in order)


@pytest.mark.parametrize("kind", ["shuffled", "drawn"])
def test_order_is_a_pure_function_of_seed_and_epoch(kind: str) -> None:
    def order(seed: int, epoch: int) -> list[int]:
        arrays = (numbers(30),)
        feed = Shuffled(arrays, 5, seed) if kind == "shuffled" else Drawn(arrays, 5, 6, seed)
        return feed.order(epoch).ravel().tolist()

    assert order(1, 2) == order(1, 2)
    assert order(1, 2) != order(1, 3)
    assert order(1, 2) != order(2, 2)
    # Neighbouring seeds share no epochs, as they would if seed and epoch were added.
    assert order(1, 2) != order(2, 1)


def test_stacks_are_the_order_in_parts_and_keep_arrays_together() -> None:
    images = np.random.default_rng(0).integers(0, 256, (10, 2, 2, 1), dtype=np.uint8)
    feed = Shuffled((images, numbers(10)), batch_size=2, seed=3)
    parts = list(stacks(feed, epoch=4, steps=3))
    assert [part[0].shape for part in parts] == [(3, 2, 2, 2, 1), (2, 2, 2, 2, 1)]
    labels = np.concatenate([part[1] for part in parts])
    assert np.array_equal(labels, feed.order(4))
    assert np.array_equal(np.concatenate([part[0] for part in parts]), images[labels])
