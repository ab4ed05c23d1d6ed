"""What stage `evaluate` does with and without the weights of the classic FID."""

import hashlib
from pathlib import Path

import keras
import numpy as np
import pytest

from latentlab.core import artifacts
from latentlab.core.errors import EvaluationError
from latentlab.families import params
from latentlab.scoring.contenders import Drawn, Generator
from stages import evaluate
from tests.imports import ROOT


@pytest.fixture(autouse=True)
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder as the repository's root."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DVC_ROOT", raising=False)
    return tmp_path


def test_without_weights_it_says_that_the_distance_is_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    artifacts.save_json(artifacts.INCEPTION_SOURCE, {"sha256": None})
    assert evaluate.open_inception(None) is None
    assert capsys.readouterr().out == (
        "Inception distances are left out: evaluate.inception_weights is null\n"
    )


def test_weights_that_changed_during_the_run_are_refused(root: Path) -> None:
    (root / "graph.pb").write_bytes(b"now")
    known = {"sha256": hashlib.sha256(b"before").hexdigest()}
    artifacts.save_json(artifacts.INCEPTION_SOURCE, known)
    with pytest.raises(
        EvaluationError, match=r"expected the file that data/inception.json describes, got an"
    ):
        evaluate.open_inception("graph.pb")


def test_as_many_images_are_scored_as_by_all_other_scores() -> None:
    """Of 300 test images the 200 first: those after them are white, and would be far away."""
    settings = params.load(ROOT / "presets" / "tiny.yaml")
    assert settings.evaluate.num_samples == 200
    images = np.zeros((300, 2, 2, 1), np.uint8)
    images[200:] = 255
    artifacts.save_array(artifacts.images_path("test"), images)
    network = keras.Sequential([keras.Input((299, 299, 3)), keras.layers.GlobalAveragePooling2D()])
    black = np.zeros_like(images)
    names = ("vae", "references.noisy")
    generators = [Generator(name, lambda count: Drawn(black[:count])) for name in names]
    scores = evaluate.score_inception(network, generators, settings)
    assert list(scores) == ["vae.inception"]
    assert scores["vae.inception"]["num_samples"] == 200
    assert scores["vae.inception"]["frechet_distance"] == pytest.approx(0, abs=1e-6)
