"""What one run is expected to take."""

import json

import pytest

from latentlab.scoring.inception.cost import SECONDS_PER_DISTANCE, SECONDS_PER_IMAGE
from latentlab.scoring.metrics.intervals import NUM_HALVES
from studies.seeds import cost
from tests import presets
from tests.imports import ROOT


def test_the_default_takes_about_what_the_benchmark_measured() -> None:
    measured = json.loads((ROOT / "benchmarks" / "results.json").read_text())["pipeline"]["total_seconds"]
    assert cost.seconds(presets.values("default")) == pytest.approx(measured, rel=0.2)


def test_by_hand() -> None:
    """110 s, 1,000 images once through a VAE and twice through an autoencoder, 10 steps of a GAN."""
    values = presets.values("tiny")
    values["data"]["limit"] = 1000
    values["evaluate"]["num_samples"] = 0
    values["vae"]["epochs"], values["autoencoder"]["epochs"] = 1, 2
    values["gan"] |= {"epochs": 1, "steps_per_epoch": 10, "batch_size": 100, "generator_filters": [64, 32]}
    assert cost.seconds(values) == pytest.approx(110 + 0.5 + 1.0 + 2.0)


def test_the_classic_distance_by_hand() -> None:
    """Features of 100 images of five sets and of 100 real ones; a distance and its halves for each."""
    values = presets.values("tiny")
    values["evaluate"]["num_samples"] = 100
    without = cost.seconds(values)
    values["evaluate"]["inception_weights"] = "weights.pb"
    expected = 6 * 100 * SECONDS_PER_IMAGE + 5 * (1 + NUM_HALVES) * SECONDS_PER_DISTANCE
    assert cost.seconds(values) - without == pytest.approx(expected)


def test_more_of_anything_takes_longer() -> None:
    assert (
        cost.seconds(presets.values("tiny"))
        < cost.seconds(presets.values("default"))
        < cost.seconds(presets.values("lecture"))
    )


def test_it_is_said_in_minutes_once_there_are_some() -> None:
    assert [cost.told(amount) for amount in (5, 89, 90, 600)] == [
        "5 seconds",
        "89 seconds",
        "2 minutes",
        "10 minutes",
    ]
