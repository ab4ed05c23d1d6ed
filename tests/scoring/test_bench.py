"""What is refused before anything is scored, and what every contender is scored with."""

import hashlib
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from latentlab.core import artifacts
from latentlab.core.errors import ArtifactError, EvaluationError
from latentlab.learning import threads
from latentlab.scoring import bench, networks
from latentlab.scoring.contenders import Contender, Sample
from latentlab.scoring.metrics.directions import OF_CLASSES
from latentlab.trained import model_files
from tests import bench_project
from tests.bench_project import NUM_SAMPLES, note_training, open_bench, set_params
from tests.tiny_learners import build_classifier, images

VAE = Path("models/vae")


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    bench_project.prepare(tmp_path, monkeypatch)
    return tmp_path


def contender(name: str, made: Any, **facts: Any) -> Contender:
    return Contender(name, lambda count: Sample(made[:count]), **facts)


def keep_nothing(_: Contender, __: Any) -> None:
    pass


def test_a_bench_says_what_its_features_are() -> None:
    opened = open_bench()
    assert opened.num_samples == NUM_SAMPLES
    assert opened.inception is None
    described = opened.describe()
    assert set(described) == {"network", "test_accuracy", "sha256"}
    assert described["sha256"] == hashlib.sha256(networks.path("classifier").read_bytes()).hexdigest()


def test_a_classifier_that_is_seldom_right_tells_no_classes_and_still_gives_features() -> None:
    set_params(evaluate={"minimum_accuracy": 1.0, "num_samples": NUM_SAMPLES})
    opened = open_bench()
    assert opened.classes.left_out
    described = opened.describe()
    assert described["left_out"] == sorted(OF_CLASSES)
    assert "evaluate.minimum_accuracy is 1.0" in described["left_out_because"]
    assert not OF_CLASSES & set(
        opened.score([contender("vae", images(NUM_SAMPLES, seed=9))], keep_nothing)["vae"]
    )


def test_shares_of_classes_are_told_where_those_of_single_images_are_not() -> None:
    of_shares = {"class_shares", "lost_classes", "reweighted_distance"}
    test = artifacts.load_images("test")[:NUM_SAMPLES]
    assert not of_shares & set(open_bench().scorer.score(test))
    set_params(evaluate={"minimum_accuracy": 1.0, "num_samples": NUM_SAMPLES})
    found = open_bench().scorer.score(test)
    assert of_shares < set(found)
    real = np.bincount(artifacts.load_labels("test")[:NUM_SAMPLES]) / NUM_SAMPLES
    np.testing.assert_allclose(found["class_shares"], real, atol=1e-5)
    assert found["lost_classes"] == []


@pytest.mark.parametrize("count", [0, 4])
def test_classes_of_which_few_are_left_are_not_told(count: int) -> None:
    rare = np.zeros(120, np.uint8)
    rare[:count] = 1
    artifacts.save_array(artifacts.labels_path("test"), rare)
    opened = open_bench()
    assert f"class 1 has {count} of the evaluate.num_samples test images" in str(opened.classes.left_out)
    assert "class_shares" not in opened.scorer.score(artifacts.load_images("test")[:NUM_SAMPLES])


def test_without_labels_there_are_no_shares_of_classes() -> None:
    for split, count in bench_project.COUNTS.items():
        artifacts.save_array(artifacts.labels_path(split), np.zeros(count, np.uint8))
    model_files.save_model(networks.path("random"), build_classifier().model)
    artifacts.save_json(artifacts.YARDSTICK, {"network": "random"})
    assert "class_shares" not in open_bench().scorer.score(artifacts.load_images("test")[:NUM_SAMPLES])


def test_the_bench_is_set_up_in_the_features_that_the_yardstick_chose() -> None:
    model_files.save_model(networks.path("random"), build_classifier().model)
    artifacts.save_json(artifacts.YARDSTICK, {"network": "random"})
    assert open_bench().network.name == "random"


def test_as_many_threads_are_used_as_params_say(monkeypatch: pytest.MonkeyPatch) -> None:
    used: list[int] = []
    monkeypatch.setattr(threads, "use", used.append)
    text = Path("params.yaml").read_text()
    Path("params.yaml").write_text(text.replace("threads: null", "threads: 3"))
    assert "threads: 3" in Path("params.yaml").read_text()
    open_bench()
    assert used == [3]


def test_scores_lie_in_the_sections_of_their_names_and_images_are_handed_on() -> None:
    made = images(NUM_SAMPLES, seed=9)
    kept: dict[str, Any] = {}
    opened = open_bench()
    scores = opened.score(
        [contender("vae", made), contender("samplers.vae.mixture", made[:50], in_full=False)],
        lambda contender, images: kept.__setitem__(contender.name, len(images)),
    )
    assert scores["vae"] == opened.scorer.score(made) | opened.scorer.detect(made)
    assert (
        scores["samplers"]["vae"]["mixture"]["kernel_distance"]
        == opened.scorer.score(made[:50])["kernel_distance"]
    )
    assert kept == {"vae": NUM_SAMPLES, "samplers.vae.mixture": 50}


def test_the_first_test_images_are_compared_with_and_no_more() -> None:
    """The same are at distance 0."""
    test = np.array(artifacts.load_images("test"))
    scores = open_bench().score([contender("vae", test)], keep_nothing)
    assert scores["vae"]["num_samples"] == NUM_SAMPLES
    assert scores["vae"]["frechet_distance"] == pytest.approx(0, abs=1e-6)


def test_a_model_that_was_trained_on_test_images_is_refused() -> None:
    note_training(VAE)
    open_bench(VAE)
    note_training(VAE, "test")
    with pytest.raises(EvaluationError, match=r"120 of 120 test images are among those that models/vae was"):
        open_bench(VAE)


def test_a_classifier_that_was_trained_on_test_images_is_refused() -> None:
    note_training(artifacts.FEATURES, "test")
    with pytest.raises(EvaluationError, match=r"test images are among those that models/features was"):
        open_bench()


def test_a_model_that_is_not_there_is_named() -> None:
    with pytest.raises(ArtifactError, match=r"models/vae/training_hashes\.npy is missing"):
        open_bench(VAE)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"num_samples": 121}, r"num_samples is 121, but there are only 120 test"),
    ],
)
def test_scores_that_would_be_worth_nothing_are_refused(changes: dict[str, Any], reason: str) -> None:
    set_params(evaluate=changes)
    with pytest.raises(EvaluationError, match=reason):
        open_bench()


def test_without_weights_there_is_no_classic_distance() -> None:
    assert bench.load_inception(None) is None


def test_weights_that_changed_during_the_run_are_refused(project: Path) -> None:
    (project / "graph.pb").write_bytes(b"now")
    known = {"sha256": hashlib.sha256(b"before").hexdigest()}
    artifacts.save_json(artifacts.INCEPTION_SOURCE, known)
    with pytest.raises(
        EvaluationError, match=r"expected the file that data/inception.json describes, got an"
    ):
        bench.load_inception("graph.pb")


def test_the_classic_distance_is_of_as_many_images_as_all_other_scores() -> None:
    """Of the test images the first: those after them are white, and would be far away."""
    test = np.zeros((120, 8, 8, 1), np.uint8)
    opened = open_bench()
    test[NUM_SAMPLES:] = 255
    artifacts.save_array(artifacts.images_path("test"), test)
    network = keras.Sequential([keras.Input((299, 299, 3)), keras.layers.GlobalAveragePooling2D()])
    black = [contender(name, np.zeros_like(test)) for name in ("vae", "references.noisy")]
    scores = opened._replace(inception=network).score(black, keep_nothing)
    assert scores["vae"]["inception"]["num_samples"] == NUM_SAMPLES
    assert scores["vae"]["inception"]["frechet_distance"] == pytest.approx(0, abs=1e-6)
    assert "inception" not in scores["references"]["noisy"]
    assert "inception" not in opened.score(black, keep_nothing)["vae"]
