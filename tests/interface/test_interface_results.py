"""The scores of a result, and of any images."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import latentlab
from latentlab.core import artifacts
from latentlab.core.errors import ArtifactError, EvaluationError, RequestError
from latentlab.learning import threads
from tests import bench_project
from tests.bench_project import COUNTS, NUM_SAMPLES
from tests.tiny_learners import images


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    bench_project.prepare(tmp_path, monkeypatch)
    return tmp_path


def test_images_are_scored_as_a_models_are() -> None:
    made = images(NUM_SAMPLES, seed=9)
    assert latentlab.score(made) == bench_project.open_bench().scorer.score(made)


def test_few_images_are_compared_with_as_many() -> None:
    """The first test images themselves, at distance 0; more than ``evaluate.num_samples`` will do."""
    test, labels = latentlab.prepared()
    for count in (20, NUM_SAMPLES + 1):
        scores = latentlab.score(test[:count], labels[:count])
        assert scores["num_samples"] == count
        assert scores["frechet_distance"] == pytest.approx(0, abs=1e-6)
        assert 0 <= scores["asked_class_share"] <= 1


@pytest.mark.parametrize(
    ("made", "told"),
    [
        (images(30) / 255, r"uint8 \(n, 8, 8, 1\), got float64"),
        (images(30)[:, :4], r"got uint8 \(30, 4, 8, 1\)"),
        (images(19), "expected 20 to 120, as many as there are test images to compare with, got 19"),
        (images(121), "got 121"),
    ],
)
def test_unfit_images_are_refused(made: Any, told: str) -> None:
    with pytest.raises(RequestError, match=told):
        latentlab.score(made)


def test_classes_that_the_images_do_not_have_are_refused() -> None:
    with pytest.raises(RequestError, match=r"expected a class from 0 to 1, .* got 2"):
        latentlab.score(images(30), 2)


def test_another_number_of_threads_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(threads: int) -> None:
        raise RuntimeError("Intra op parallelism cannot be modified after initialization.")

    monkeypatch.setattr(threads, "use", refuse)
    with pytest.raises(EvaluationError, match=r"as many threads as params.yaml says, got: Intra op"):
        latentlab.score(images(30))


def test_a_folder_without_a_pipeline_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    with pytest.raises(RequestError, match=r"expected the folder models in .* Go to the root"):
        latentlab.score(images(30))
    with pytest.raises(ArtifactError, match=r"data/prepared/test_images\.npy is missing"):
        latentlab.prepared()
    with pytest.raises(ArtifactError, match=r"reports/metrics\.json is missing. Run `dvc repro`"):
        latentlab.scores()


def test_prepared_images_have_their_labels() -> None:
    found = latentlab.prepared("train")
    assert found.images.shape == (COUNTS["train"], 8, 8, 1)
    assert found.labels[:3].tolist() == [0, 1, 0]
    np.testing.assert_array_equal(found.images, artifacts.load_images("train"))
    with pytest.raises(RequestError, match="one of train, validation, test, got 'all'"):
        latentlab.prepared("all")  # type: ignore[arg-type]


def test_scores_are_those_of_the_working_directory() -> None:
    artifacts.save_json(artifacts.METRICS, {"vae": {"kl_nats": 1.5}})
    assert latentlab.scores() == {"vae": {"kl_nats": 1.5}}
