"""The scores of torch-fidelity on the same features, recorded by scripts/torch_fidelity_scores.py."""

import json
from pathlib import Path

import numpy as np
import pytest

from latentlab.scoring.metrics import neighbours
from latentlab.scoring.metrics.frechet import frechet_distance, gaussian_statistics
from latentlab.scoring.metrics.kernel import kernel_distance
from scripts.torch_fidelity_scores import NEAREST, NUM_IMAGES, make_features

RECORDED = json.loads(Path(__file__).with_name("torch_fidelity.json").read_text())


def test_frechet_and_kernel_distance_are_theirs() -> None:
    samples, real = make_features()
    ours = frechet_distance(gaussian_statistics(samples), gaussian_statistics(real))
    assert ours == pytest.approx(RECORDED["frechet_inception_distance"], rel=1e-6)
    assert kernel_distance(samples, real) == pytest.approx(
        RECORDED["kernel_inception_distance_mean"], rel=1e-6
    )


def test_precision_and_recall_are_theirs() -> None:
    samples, real = make_features()
    everything = np.ones((1, NUM_IMAGES), bool)
    assert neighbours.NEAREST == NEAREST
    real_balls, sample_balls = (neighbours.balls(part, everything) for part in (real, samples))
    in_real, in_samples = neighbours.overlaps(real_balls, sample_balls)
    # Their shares are means of float32.
    assert neighbours.precision(in_real, everything)[0] == pytest.approx(RECORDED["precision"], rel=1e-6)
    assert neighbours.precision(in_samples, everything)[0] == pytest.approx(RECORDED["recall"], rel=1e-6)
    assert 0 < RECORDED["recall"] < RECORDED["precision"] < 1
