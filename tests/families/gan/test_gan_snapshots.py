"""Which epoch is the best, where the generators are good or bad by construction."""

from collections.abc import Callable

import keras
import numpy as np
import pytest

from latentlab.core.arrays import Floats, Images
from latentlab.families.gan import snapshots
from latentlab.families.gan.snapshots import Snapshot
from latentlab.scoring.features import Extractor
from tests.tiny_learners import SHAPE, build_classifier, images


def generator(brightness: float, spread: float) -> keras.Sequential:
    """Grey images of two latents: sigmoid(brightness + spread z_1) in every pixel."""
    kernel = np.zeros((2, 64), np.float32)
    kernel[0] = spread
    dense = keras.layers.Dense(
        64,
        "sigmoid",
        kernel_initializer=keras.initializers.Constant(kernel),
        bias_initializer=keras.initializers.Constant(brightness),
    )
    return keras.Sequential([keras.layers.Input((2,)), dense, keras.layers.Reshape(SHAPE)])


@pytest.fixture(scope="module")
def extract() -> Callable[[Images], Floats]:
    return Extractor(build_classifier().model).extract


def grey(count: int) -> Images:
    """Real images: what a generator of brightness 0 and spread 1 would make."""
    z = np.random.default_rng(5).standard_normal((count, 1, 1, 1))
    return np.rint(255 / (1 + np.exp(-z)) * np.ones(SHAPE)).astype(np.uint8)


def test_the_nearest_to_the_images_is_the_best(extract: Callable[[Images], Floats]) -> None:
    generators = [(5, generator(-3, 1)), (10, generator(0, 1)), (15, generator(3, 1))]
    scored = snapshots.score_snapshots(generators, extract, grey(200), seed=0)
    assert [snapshot.epoch for snapshot in scored] == [5, 10, 15]
    assert scored[1].distance < min(scored[0].distance, scored[2].distance) / 5
    assert snapshots.best(scored) == 10


def test_equal_generators_are_equal_because_the_latents_are(extract: Callable[[Images], Floats]) -> None:
    pair = [(1, generator(0, 1)), (2, generator(0, 1))]
    first, second = snapshots.score_snapshots(pair, extract, images(40), seed=0)
    assert first.distance == second.distance
    [other] = snapshots.score_snapshots(pair[:1], extract, images(40), seed=1)
    assert other.distance != first.distance


def test_no_more_images_than_needed_are_looked_at(
    extract: Callable[[Images], Floats], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshots, "MOST_SAMPLES", 30)
    [few] = snapshots.score_snapshots([(1, generator(0, 1))], extract, grey(60), seed=0)
    [same] = snapshots.score_snapshots([(1, generator(0, 1))], extract, grey(60)[:30], seed=0)
    assert few == same


def test_of_equals_the_first_is_the_best() -> None:
    assert snapshots.best([Snapshot(1, 3.0), Snapshot(2, -0.5), Snapshot(3, -0.5)]) == 2
