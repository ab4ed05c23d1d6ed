"""The scorings as stages, and what `evaluate` puts together of them, on models as good as untrained."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from latentlab.core import artifacts
from latentlab.core.errors import ArtifactError, EvaluationError, ParamsError
from latentlab.families import roster
from latentlab.trained import model_files
from stages import evaluate, score, score_references
from tests import bench_project
from tests.bench_project import COUNTS, NUM_SAMPLES, note_training, set_params
from tests.showing.verdict.cases import REFERENCES, YARDSTICK, protocol, scores
from tests.tiny_learners import build_autoencoder

AUTOENCODER = artifacts.MODELS / "autoencoder"


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    bench_project.prepare(tmp_path, monkeypatch)
    return tmp_path


def write_autoencoder() -> None:
    learner = build_autoencoder()
    for name, network in (("encoder", learner.encoder), ("decoder", learner.decoder)):
        model_files.save_model(AUTOENCODER / f"{name}.keras", network)
    note_training(AUTOENCODER)


def test_a_familys_scores_and_the_images_that_figures_show_are_written() -> None:
    set_params(evaluate={"num_samples": NUM_SAMPLES, "minimum_accuracy": 0.0, "samplers": ["gaussian"]})
    write_autoencoder()
    score.main("autoencoder")
    found = artifacts.load_json(artifacts.scores_path("autoencoder"))
    assert list(found) == ["autoencoder", "samplers"]
    # Its own scores, and those of its samples.
    assert {"reconstruction_nats_per_pixel", "kernel_distance", "intervals"} <= set(found["autoencoder"])
    assert list(found["samplers"]["autoencoder"]) == ["gaussian"]
    assert "intervals" not in found["samplers"]["autoencoder"]["gaussian"]
    folder = artifacts.scores_folder("autoencoder") / "autoencoder"
    for name in ("samples", "samples_gaussian"):
        assert artifacts.load_array(folder / f"{name}.npy").shape == (NUM_SAMPLES, 8, 8, 1)


def test_a_family_that_there_is_not_is_named() -> None:
    with pytest.raises(ParamsError, match=r"expected a family of models, one of autoencoder, .*, got 'none'"):
        score.main("none")


def test_a_model_that_saw_test_images_is_not_scored() -> None:
    write_autoencoder()
    note_training(AUTOENCODER, "test")
    with pytest.raises(EvaluationError, match="test images are among those that models/autoencoder"):
        score.main("autoencoder")
    assert not artifacts.scores_path("autoencoder").exists()


def test_references_come_with_how_all_scores_are_made(capsys: pytest.CaptureFixture[str]) -> None:
    evaluated = {"num_samples": NUM_SAMPLES, "minimum_accuracy": 0.0}
    set_params(features={"network": "classifier"}, evaluate=evaluated)
    score_references.main()
    assert artifacts.load_json(artifacts.YARDSTICK)["network"] == "classifier"
    found = artifacts.load_json(artifacts.scores_path("references"))
    assert list(found) == ["references", "protocol", "features", "data"]
    assert list(found["references"]) == ["real", "blurred", "noisy", "one_class", "copied"]
    # As many as there are validation images.
    assert found["references"]["real"]["num_samples"] == COUNTS["validation"]
    assert found["protocol"]["num_test"] == NUM_SAMPLES
    assert found["protocol"]["headline"] == "kernel_distance"
    assert len(found["protocol"]["test_split_sha256"]) == 64
    assert found["data"] == COUNTS
    assert "Inception distances are left out: evaluate.inception_weights is null" in capsys.readouterr().out


def test_the_test_images_that_are_compared_with_are_part_of_the_protocol() -> None:
    def sha256() -> str:
        found = score_references.describe_protocol(NUM_SAMPLES, {"frechet_distance": 1.0})
        return str(found["test_split_sha256"])

    before, test = sha256(), np.array(artifacts.load_images("test"))
    test[NUM_SAMPLES:] = 0
    artifacts.save_array(artifacts.images_path("test"), test)
    assert sha256() == before
    test[0] = 0
    artifacts.save_array(artifacts.images_path("test"), test)
    assert sha256() != before


def write_scores(name: str, content: dict[str, Any]) -> None:
    artifacts.save_json(artifacts.scores_path(name), content)
    artifacts.save_json(artifacts.MODELS / name / "history.json", [])


def test_scores_are_put_together_in_the_order_of_the_families(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only of families whose rules look at nothing but samples."""
    [autoencoder] = [family for family in roster.FAMILIES if family.name == "autoencoder"]
    monkeypatch.setattr(roster, "FAMILIES", (autoencoder,))
    ways = {"gaussian": {"kernel_distance": 0.01, "coverage": 0.95}}
    write_scores("autoencoder", {"samplers": {"autoencoder": ways}, "autoencoder": scores()})
    write_scores("references", {"references": REFERENCES, "protocol": protocol()})
    artifacts.save_json(artifacts.YARDSTICK, YARDSTICK)
    evaluate.main()
    metrics, verdicts = artifacts.load_json(artifacts.METRICS), artifacts.load_json(artifacts.VERDICT)
    assert list(metrics) == ["autoencoder", "samplers", "references", "protocol"]
    assert metrics["autoencoder"] == scores()
    assert [finding["name"] for finding in verdicts["autoencoder"]["findings"]] == ["unknown prior"]


def test_scores_that_are_not_there_are_named() -> None:
    with pytest.raises(ArtifactError, match=r"reports/scores/autoencoder/scores\.json is missing"):
        evaluate.main()
