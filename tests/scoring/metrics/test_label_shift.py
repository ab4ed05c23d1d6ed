"""The shares of classes among samples, by a probe that is often wrong about one image."""

import numpy as np
import pytest

from latentlab.scoring.metrics import label_shift
from latentlab.scoring.metrics.intervals import with_halves
from latentlab.scoring.metrics.kernel import kernel_distance
from latentlab.scoring.metrics.label_shift import LabelShift
from latentlab.scoring.metrics.pairs import Values

NUM_CLASSES = 5
COUNT = 1000


def everything(count: int) -> np.ndarray:
    return np.ones((1, count), bool)


def test_the_probe_by_hand() -> None:
    """Of -1 and 1, mean square 1, and the ridge 1: the slope is 1/2 over 2, around the share 1/2."""
    probe = label_shift.fit_probe(np.array([[-1.0], [1.0]]), np.array([0, 1]), 2)
    np.testing.assert_allclose(
        probe(np.array([[0.0], [1.0], [3.0]])), [[0.5, 0.5], [0.25, 0.75], [-0.25, 1.25]]
    )


def test_shares_by_hand() -> None:
    """Right about 0.8 of one class and 0.7 of the other: 0.425 = 0.25 x 0.8 + 0.75 x 0.3."""
    real, samples = np.array([[0.8, 0.2], [0.3, 0.7]]), np.array([[0.425, 0.575]])
    found = label_shift.class_shares(real, np.array([0, 1]), samples, (everything(2), everything(1)))
    np.testing.assert_allclose(found, [[0.25, 0.75]], atol=1e-5)


def test_subsets_are_told_as_if_they_were_alone() -> None:
    real, samples = np.random.default_rng(0).random((2, 60, 3))
    labels = np.arange(60) % 3
    members = with_halves(60, 1)[:4], with_halves(60, 2)[:4]
    together = label_shift.class_shares(real, labels, samples, members)
    for shares, a, b in zip(together, *members, strict=True):
        alone = label_shift.class_shares(
            real[a], labels[a], samples[b], (everything(a.sum()), everything(b.sum()))
        )
        np.testing.assert_allclose(shares, alone[0], atol=1e-9)
    np.testing.assert_allclose(together.sum(axis=1), 1, atol=1e-5)


def test_a_class_without_samples_is_uncertain_too() -> None:
    """By hand: a sample that the probe scores beyond the first class has less than nothing of the second."""
    real, samples = np.array([[0.8, 0.2], [0.3, 0.7]]), np.array([[0.85, 0.15]])
    found = label_shift.class_shares(real, np.array([0, 1]), samples, (everything(2), everything(1)))
    np.testing.assert_allclose(found, [[1.1, -0.1]], atol=1e-5)


def blobs(classes: np.ndarray, seed: int) -> Values:
    """Features in 10 dimensions whose classes overlap: each is moved by 1.5 along an axis of its own."""
    return np.random.default_rng(seed).normal(size=(len(classes), 10)) + 1.5 * np.eye(10)[classes]


@pytest.fixture(scope="module")
def shift() -> LabelShift:
    labels = np.arange(COUNT) % NUM_CLASSES
    probe = label_shift.fit_probe(blobs(labels, 0), labels, NUM_CLASSES)
    held_out = blobs(labels, 1)
    assert 0.6 < np.mean(probe(held_out).argmax(axis=1) == labels) < 0.75
    return LabelShift(probe, held_out, labels)


@pytest.mark.parametrize("lost", [(), (3,), (0, 4), (0, 1, 2, 4)])
def test_lost_classes_are_found_and_no_others(shift: LabelShift, lost: tuple[int, ...]) -> None:
    kept = np.setdiff1d(np.arange(NUM_CLASSES), lost)
    samples = blobs(np.resize(kept, COUNT), 2)
    found = shift.score(samples, (with_halves(COUNT, 1), with_halves(COUNT, 2)))
    assert found["lost_classes"] == list(lost)
    assert [found["class_shares"][label] for label in kept] == pytest.approx(
        [1 / len(kept)] * len(kept), abs=0.08
    )
    assert min(found["class_shares"]) >= 0
    # Nothing but the shares differs from real images.
    assert abs(found["reweighted_distance"]) < 0.02
    if lost:
        labels = np.arange(COUNT) % NUM_CLASSES
        assert kernel_distance(blobs(labels, 1), samples) > 3 * abs(found["reweighted_distance"])


def test_worse_images_stay_far_whatever_their_shares(shift: LabelShift) -> None:
    samples = blobs(np.arange(COUNT) % NUM_CLASSES, 2)
    samples[:, 9] += 2
    found = shift.score(samples, (with_halves(COUNT, 1), with_halves(COUNT, 2)))
    assert found["reweighted_distance"] > 0.2
