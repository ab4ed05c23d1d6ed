"""What one run is expected to take."""

from typing import Any

import pytest

from latentlab import params
from latentlab.seeds import cost
from tests.imports import ROOT


def preset(name: str) -> dict[str, Any]:
    return params.load(ROOT / "presets" / f"{name}.yaml").model_dump(mode="json")


def test_the_default_takes_about_what_the_benchmark_measured() -> None:
    """207 s, of benchmarks/results.json."""
    assert cost.seconds(preset("default")) == pytest.approx(207, rel=0.2)


def test_by_hand() -> None:
    """40 s, 1,000 images once through a VAE, and 10 steps of 100 through a GAN twice as wide."""
    values = preset("tiny")
    values["data"]["limit"] = 1000
    values["evaluate"]["num_samples"] = 0
    values["vae"]["epochs"] = 1
    values["gan"] |= {"epochs": 1, "steps_per_epoch": 10, "batch_size": 100, "generator_filters": 64}
    assert cost.seconds(values) == pytest.approx(40 + 0.4 + 1.6)


def test_more_of_anything_takes_longer() -> None:
    assert cost.seconds(preset("tiny")) < cost.seconds(preset("default")) < cost.seconds(preset("lecture"))


def test_it_is_said_in_minutes_once_there_are_some() -> None:
    assert [cost.told(amount) for amount in (5, 89, 90, 600)] == [
        "5 seconds",
        "89 seconds",
        "2 minutes",
        "10 minutes",
    ]
