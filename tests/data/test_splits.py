"""Splits are disjoint, stratified, shuffled, a function of their seed, and as large as promised."""

from itertools import chain, combinations

import numpy as np
import pytest

from latentlab.core.errors import DataError
from latentlab.data import duplicates, folder, idx, splits
from latentlab.data.labelled import Labelled
from latentlab.data.splits import Division
from tests import idx_files


def random_part(count: int, seed: int = 0, num_classes: int = 10) -> Labelled:
    """Different images of 4 x 4 pixels, sorted by label."""
    images = np.random.default_rng(seed).integers(0, 256, (count, 4, 4, 1), dtype=np.uint8)
    return Labelled(images, np.sort(np.arange(count) % num_classes).astype(np.uint8))


def counts(division: Division) -> dict[str, int]:
    return {name: len(part.labels) for name, part in division.splits.items()}


def hashes(division: Division) -> dict[str, list[bytes]]:
    return {name: duplicates.image_hashes(part.images).tolist() for name, part in division.splits.items()}


def assert_disjoint(division: Division) -> None:
    for one, other in combinations(hashes(division).values(), 2):
        assert set(one).isdisjoint(other)


def test_order_by_hand() -> None:
    """Of 4 zeros, due at 1/8, 3/8, 5/8 and 7/8, and 2 ones, due at 1/4 and 3/4."""
    labels = np.array([0, 0, 0, 0, 1, 1], np.uint8)
    order = splits.stratified_order(labels, np.random.default_rng(0))
    assert sorted(order.tolist()) == [0, 1, 2, 3, 4, 5]
    assert labels[order].tolist() == [0, 1, 0, 0, 1, 0]


@pytest.mark.parametrize("length", [30, 100, 1000, 1990])
def test_every_start_of_the_order_is_in_proportion(length: int) -> None:
    labels = np.repeat(np.arange(4), [1000, 600, 390, 10]).astype(np.uint8)
    order = splits.stratified_order(labels, np.random.default_rng(3))
    share = np.bincount(labels[order[:length]], minlength=4) / length
    np.testing.assert_allclose(share, [0.5, 0.3, 0.195, 0.005], atol=1.5 / length)


def test_ties_are_broken_at_random() -> None:
    """Or every batch of a balanced source would hold its classes in the same order."""
    labels = np.repeat(np.arange(10), 50).astype(np.uint8)
    ordered = labels[splits.stratified_order(labels, np.random.default_rng(0))].reshape(50, 10)
    assert len(np.unique(ordered, axis=0)) == 50
    np.testing.assert_array_equal(np.sort(ordered, axis=1), np.tile(np.arange(10), (50, 1)))


def test_pool_of_5000_gives_3000_1000_1000_with_equal_classes() -> None:
    pool = random_part(5000)
    division = splits.of_pool(pool, seed=0, limit=None)
    assert counts(division) == {"train": 3000, "validation": 1000, "test": 1000}
    for part in division.splits.values():
        assert np.ptp(np.bincount(part.labels, minlength=10)) == 0
    assert (division.num_classes, division.num_duplicates) == (10, 0)
    assert_disjoint(division)
    assert sorted(chain(*hashes(division).values())) == sorted(duplicates.image_hashes(pool.images).tolist())


def test_a_larger_pool_gives_what_it_has_more_to_training() -> None:
    assert counts(splits.of_pool(random_part(6000), 0, None)) == {
        "train": 4000,
        "validation": 1000,
        "test": 1000,
    }


def test_images_keep_their_labels() -> None:
    pool = random_part(5000)
    label_of = dict(zip(duplicates.image_hashes(pool.images).tolist(), pool.labels, strict=True))
    for part in splits.of_pool(pool, seed=1, limit=None).splits.values():
        expected = [label_of[image_hash] for image_hash in duplicates.image_hashes(part.images).tolist()]
        assert part.labels.tolist() == expected


def test_the_seed_alone_decides() -> None:
    pool = random_part(5000)
    first, again, other = (hashes(splits.of_pool(pool, seed, limit=None)) for seed in (0, 0, 1))
    assert first == again
    for name in first:
        assert set(first[name]) != set(other[name])


def test_equal_images_of_a_pool_are_used_once() -> None:
    pool = random_part(5000)
    pool.images[4000:4300] = pool.images[:300]
    division = splits.of_pool(pool, seed=0, limit=None)
    assert division.num_duplicates == 300
    assert counts(division) == {"train": 2820, "validation": 940, "test": 940}
    assert_disjoint(division)


def test_a_small_pool_gives_a_fifth_to_the_test_and_a_fifth_to_validation() -> None:
    assert counts(splits.of_pool(random_part(103), 0, None)) == {"train": 63, "validation": 20, "test": 20}


@pytest.mark.parametrize("seed", range(5))
def test_the_only_image_of_a_class_is_for_training(seed: int) -> None:
    pool = random_part(100)
    pool.labels[-1] = 10
    division = splits.of_pool(pool, seed, None)
    assert 10 in division.splits["train"].labels
    assert division.num_classes == 11


def test_official_test_part_stays_whole() -> None:
    train, test = random_part(1200, seed=1), random_part(300, seed=2)
    division = splits.of_official(train, test, seed=0, limit=None)
    assert counts(division) == {"train": 1000, "validation": 200, "test": 300}
    assert sorted(hashes(division)["test"]) == sorted(duplicates.image_hashes(test.images).tolist())
    assert np.bincount(division.splits["validation"].labels).tolist() == [20] * 10
    assert_disjoint(division)


def test_five_thousand_are_held_out_of_a_large_training_part() -> None:
    division = splits.of_official(random_part(40_000), random_part(10, seed=1), seed=0, limit=None)
    assert counts(division) == {"train": 35_000, "validation": 5_000, "test": 10}


def test_training_images_that_are_in_the_test_part_are_left_out() -> None:
    train, test = random_part(1200, seed=1), random_part(300, seed=2)
    train.images[:50] = test.images[:50]
    train.images[100:110] = train.images[200:210]
    test.images[-1] = test.images[-2]
    division = splits.of_official(train, test, seed=0, limit=None)
    assert division.num_duplicates == 60
    assert counts(division) == {"train": 950, "validation": 190, "test": 300}
    assert_disjoint(division)


def test_limit_keeps_a_stratified_part_of_each_split() -> None:
    train, test = random_part(1200, seed=1), random_part(300, seed=2)
    whole = hashes(splits.of_official(train, test, seed=0, limit=None))
    division = splits.of_official(train, test, seed=0, limit=30)
    assert counts(division) == {"train": 30, "validation": 30, "test": 30}
    for name, part in division.splits.items():
        assert np.bincount(part.labels).tolist() == [3] * 10
        assert hashes(division)[name] == whole[name][:30]


def test_a_limit_above_all_counts_changes_nothing() -> None:
    train, test = random_part(1200, seed=1), random_part(300, seed=2)
    assert hashes(splits.of_official(train, test, 0, limit=5000)) == hashes(
        splits.of_official(train, test, 0, limit=None)
    )


def test_a_limit_that_leaves_a_class_without_training_images_is_refused() -> None:
    train, test = random_part(1200, num_classes=60), random_part(60, seed=1, num_classes=60)
    assert splits.of_official(train, test, seed=0, limit=None).num_classes == 60
    with pytest.raises(DataError, match=r"training image of every class from 0 to 59.*Raise data.limit"):
        splits.of_official(train, test, seed=0, limit=30)


def test_labels_with_gaps_are_refused() -> None:
    train, test = random_part(100), random_part(20, seed=1)
    with pytest.raises(DataError, match=r"from 0 to 10, the highest label, got none of \[0\]"):
        splits.of_official(
            train._replace(labels=train.labels + np.uint8(1)),
            test._replace(labels=test.labels + np.uint8(1)),
            seed=0,
            limit=None,
        )


def test_a_test_label_that_training_lacks_is_refused() -> None:
    test = random_part(20, seed=1)
    test.labels[0] = 12
    with pytest.raises(DataError, match=r"got none of \[10, 11, 12\]"):
        splits.of_official(random_part(100), test, seed=0, limit=None)


@pytest.mark.parametrize(("num_train", "empty"), [(0, "train"), (5, "validation")])
def test_too_few_images_are_refused(num_train: int, empty: str) -> None:
    train = random_part(num_train, num_classes=1)
    with pytest.raises(DataError, match=f"enough different images for every split, got none for {empty}"):
        splits.of_official(train, random_part(10, seed=1, num_classes=1), seed=0, limit=None)


@pytest.mark.skipif(not idx_files.REAL_MNIST.is_dir(), reason=idx_files.REAL_MNIST_ABSENT)
def test_real_mnist() -> None:
    train, test = idx.load(folder.locate(str(idx_files.REAL_MNIST)))
    division = splits.of_official(train, test, seed=0, limit=None)
    assert counts(division) == {"train": 55_000, "validation": 5_000, "test": 10_000}
    assert (division.num_classes, division.num_duplicates) == (10, 0)
    assert_disjoint(division)
    expected = np.bincount(train.labels) / 60_000
    found = np.bincount(division.splits["validation"].labels) / 5_000
    np.testing.assert_allclose(found, expected, atol=2e-4)


@pytest.mark.parametrize("num_test", [0, 30])
def test_parts_stay_what_they_are_and_share_no_image(num_test: int) -> None:
    """Copies go from training, then from validation; without a test part a fifth of training is for it."""
    whole = random_part(130).images[np.random.default_rng(1).permutation(130)]
    labels = (np.arange(130) % 5).astype(np.uint8)
    train, validation, test = (
        Labelled(whole[part], labels[part]) for part in (slice(0, 80), slice(70, 105), slice(100, 130))
    )
    division = splits.of_parts(train, validation, test if num_test else None, seed=0, limit=None)
    assert_disjoint(division)
    expected = (70, 30, 30, 15) if num_test else (56, 35, 14, 10)
    assert (
        *(counts(division)[name] for name in ("train", "validation", "test")),
        division.num_duplicates,
    ) == expected
    held = set(duplicates.image_hashes(validation.images).tolist())
    assert held >= set(hashes(division)["validation"])
    again = splits.of_parts(train, validation, test if num_test else None, seed=0, limit=10)
    assert counts(again) == dict.fromkeys(("train", "validation", "test"), 10)
