"""Which features are chosen, and that those of a classifier that has learned no shapes are not."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import keras
import numpy as np
import pytest

from latentlab.core import settings
from latentlab.core.arrays import Images, Labels
from latentlab.data import mnist_sample
from latentlab.learning.batches import Shuffled, stacks
from latentlab.learning.descent import adam
from latentlab.scoring import features, scorer
from latentlab.scoring.bench import Bench
from latentlab.scoring.classes import Classes
from latentlab.scoring.networks import Network
from latentlab.scoring.settings import Scoring
from latentlab.scoring.yardstick import choice
from latentlab.scoring.yardstick.ladders import Rung
from latentlab.scoring.yardstick.trust import Trust
from tests import bench_project

# With 200 held-out images chance hides even the strongest checkerboard.
TRAINING, HELD_OUT, TEST = slice(2000), slice(2000, 2500), slice(2500, 3000)


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bench_project.prepare(tmp_path, monkeypatch)


@pytest.fixture
def planted(monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[str, dict[str, Any]]]:
    """The choice between networks, by name, with such ratios; each from 2 on can be trusted."""

    def choose(**ratios: float) -> tuple[str, dict[str, Any]]:
        def measure(bench: Bench, *_: Any) -> dict[str, Any]:
            ratio = ratios[bench.network.name]
            trusted = ratio >= 2
            return {"ratio": ratio, "trusted": trusted, "because": f"It is {ratio}.", "withheld": {}}

        monkeypatch.setattr(choice, "measure", measure)
        images = np.zeros((10, 8, 8, 1), np.uint8)
        bench, found = choice.choose(benches(list(ratios)), images, np.zeros(10, np.uint8), images)
        return bench.network.name, found

    return choose


def benches(names: list[str]) -> Iterator[Bench]:
    for name in names:
        network = Network(name, lambda images: np.zeros((len(images), 2)), f"sha of {name}")
        unlabelled = Classes(1, left_out="the images have no labels")
        yield Bench(settings.load_part(Scoring), network, unlabelled, None, None)  # type: ignore[arg-type]


def test_the_first_that_can_be_trusted_is_chosen_and_no_further_one_is_tried(
    planted: Callable[..., Any], capsys: pytest.CaptureFixture[str]
) -> None:
    chosen, found = planted(classifier=0.2, imagenet=4.0, random=30.0)
    assert chosen == found["network"] == "imagenet"
    assert (found["trusted"], found["because"], found["images"]) == (True, "It is 4.0.", 10)
    assert list(found["networks"]) == ["classifier", "imagenet"]
    said = capsys.readouterr().out
    assert "scores of classes are left out: the images have no labels" in said
    assert "features of classifier: It is 0.2." in said


def test_where_none_can_be_trusted_the_one_with_the_greatest_ratio_is_taken(
    planted: Callable[..., Any],
) -> None:
    chosen, found = planted(classifier=0.2, imagenet=1.5, random=1.1)
    assert chosen == "imagenet"
    assert not found["trusted"]
    assert found["because"] == "It is 1.5."


@pytest.mark.parametrize(("accuracy", "seen"), [(0.624, False), (0.625, True)])
def test_classes_that_a_classifier_hardly_tells_have_no_ladder(
    accuracy: float, seen: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Naming the commonest class throughout is wrong on half of the images, a quarter of which is 0.125."""
    found: list[Rung] = []

    def measure(bench: Bench, images: Images, rungs: list[Rung]) -> dict[str, Any]:
        found.extend(rungs)
        return {"ratio": 3.0, "trusted": True, "because": "", "withheld": {}}

    monkeypatch.setattr(choice, "measure", measure)
    [bench] = benches(["random"])
    told = Classes(2, test_accuracy=accuracy, commonest=0.5)
    images = np.zeros((10, 8, 8, 1), np.uint8)
    choice.choose([bench._replace(classes=told)], images, np.arange(10, dtype=np.uint8) % 2, images)
    assert ("classes" in {rung.ladder for rung in found}) == seen


def test_rungs_of_too_few_images_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Four have two halves of two, three have none."""
    monkeypatch.setattr(choice.trust, "judge", lambda real, ladders: Trust(3.0, True, "", {}))
    [bench] = benches(["random"])
    scored = bench._replace(scorer=SimpleNamespace(score=lambda images: {"num_samples": len(images)}))  # type: ignore[arg-type]
    images = np.zeros((5, 8, 8, 1), np.uint8)
    rungs = [Rung("classes", 0.1, partial(np.copy, images[:count])) for count in (5, 4, 3)]
    assert choice.measure(scored, images, rungs)["ladders"] == {
        "classes": [{"strength": 0.1, "num_samples": 5}, {"strength": 0.1, "num_samples": 4}]
    }


def train(images: Images, labels: Labels) -> keras.Sequential:
    """The default's classifier, after four epochs."""
    number, shape = int(labels.max()) + 1, images.shape[1:]
    model = features.build_classifier(
        filters=(16, 32), width=64, dropout=0.4, shift=0.08, num_classes=number, image_shape=shape, seed=0
    )
    learner = features.Classifier(model, adam(0.002))
    feed = Shuffled((images, labels), batch_size=64, seed=0)
    for epoch in range(1, 5):
        for batches in stacks(feed, epoch, steps=1000):
            learner.train(*batches)
    return model


def measure(model: keras.Sequential, images: Images, labels: Labels) -> dict[str, Any]:
    """What the yardstick says of a classifier's features, on digits that it has not seen."""
    network = Network("classifier", features.Extractor(model).extract, "")
    training = scorer.training_of(images[TRAINING])
    opened = scorer.Scorer(network, Classes(1), (images[TEST], labels[TEST]), training, seed=0)
    bench = Bench(settings.load_part(Scoring), network, Classes(1), opened, None)
    held_out = images[HELD_OUT], np.zeros(len(images[HELD_OUT]), np.uint8)
    return choice.choose([bench], *held_out, images[TRAINING])[1]


def test_digits_are_believed_and_a_classifier_that_has_learned_no_shapes_is_not() -> None:
    """The planted one tells four levels of light, as a bad classifier of photographs tells their colours."""
    images, labels = mnist_sample.load()
    order = np.random.default_rng(0).permutation(len(images))
    images, labels = images[order], labels[order]
    good = measure(train(images[TRAINING], labels[TRAINING]), images, labels)
    assert good["trusted"]
    own = good["networks"]["classifier"]
    assert {len(steps) for steps in own["ladders"].values()} == {3}
    assert own["ladders"]["phases"][2]["strength"] == 1.0
    assert "kernel_distance" in own["real"]["intervals"]

    levels = (order % 4).astype(np.uint8)
    light = (images * ((1 + levels) / 4).reshape(-1, 1, 1, 1)).astype(np.uint8)
    bad = measure(train(light[TRAINING], levels[TRAINING]), light, levels)
    assert not bad["trusted"]
    assert "kernel_distance" in bad["withheld"]
    assert bad["networks"]["classifier"]["ratio"] < 2
