import copy
from typing import Any

import pytest

from latentlab.showing.report import scores
from tests.showing.report import pipeline_outputs
from tests.showing.report.pipeline_outputs import MODELS

VAE, GAN = (model for model in MODELS if model.name in ("vae", "gan"))


@pytest.fixture
def metrics() -> dict[str, Any]:
    return pipeline_outputs.metrics()


def test_models_that_are_scored_come_in_their_order(metrics: dict[str, Any]) -> None:
    assert [row.key for row in scores.of_models(metrics, MODELS)] == ["vae", "gan", "gan_best"]
    rows = scores.of_models(metrics | {"autoencoder": metrics["vae"]}, MODELS)
    assert [row.name for row in rows] == ["Autoencoder", "VAE", "GAN", "GAN, best epoch"]


def test_ways_of_sampling_stand_beside_the_prior(metrics: dict[str, Any]) -> None:
    assert scores.ways(metrics, MODELS) == []
    sampled = {"vae": {"gaussian": {"kernel_distance": 1.0}, "per_class": {"kernel_distance": 2.0}}}
    rows = scores.ways(metrics | {"samplers": sampled}, MODELS)
    assert [row.name for row in rows] == ["VAE: prior", "VAE: gaussian", "VAE: per class"]
    assert [row.scores["kernel_distance"] for row in rows] == [0.5, 1.0, 2.0]


def test_the_headline_comes_first_and_no_score_is_lost(metrics: dict[str, Any]) -> None:
    metrics["references"]["real"]["of_another_day"] = 0.5
    cards = scores.cards(metrics, MODELS)
    assert [(cards[0].key, cards[0].is_headline), cards[-2].key] == [
        ("kernel_distance", True),
        "of_another_day",
    ]
    real = metrics["references"]["real"]
    assert {card.key for card in cards} == set(real) - {"intervals", "num_samples", "class_histogram"}
    assert len(cards[-2].bars) == 1
    assert (cards[0].direction, cards[-2].direction) == ("lower is better", "")


def test_what_is_withheld_comes_last_and_is_no_headline(metrics: dict[str, Any]) -> None:
    *others, last = scores.cards(metrics, MODELS)
    assert (last.key, last.withheld) == ("precision", pipeline_outputs.WITHHELD["precision"])
    assert not [card for card in others if card.withheld]
    metrics["features"]["withheld"] = {"kernel_distance": "is wrong"}
    cards = scores.cards(metrics, MODELS)
    assert cards[-1].key == "kernel_distance"
    assert not [card for card in cards if card.is_headline]


def test_bars_reach_from_zero_to_their_values(metrics: dict[str, Any]) -> None:
    metrics["vae"]["memorisation"] = -5.0
    metrics["vae"]["intervals"]["memorisation"] = [-5.5, -4.5]
    [card] = [card for card in scores.cards(metrics, MODELS) if card.key == "memorisation"]
    bars = {bar.row.key: bar for bar in card.bars}
    # From -5 to 5, the greatest of the references.
    assert card.mark == 50
    assert (bars["vae"].start, bars["vae"].end) == (0, 50)
    assert (bars["vae"].low, bars["vae"].high) == (0, 5)
    assert (bars["copied"].start, bars["copied"].end) == (50, 100)
    assert (bars["gan"].start, bars["gan"].end, bars["gan"].text) == (50, 56, "0.6")
    assert bars["gan"].interval == "0.35 to 0.85"


def test_the_scale_goes_by_roots_from_real_images_to_the_worst(metrics: dict[str, Any]) -> None:
    references = metrics["references"]
    for name, value in {"blurred": 1.0, "noisy": 4.0, "one_class": 6.0, "untrained": 16.0}.items():
        references[name]["kernel_distance"] = value
    metrics["gan"]["kernel_distance"] = 4.0
    scale = scores.scale(metrics, GAN)
    assert (scale.own.row.key, scale.own.place) == ("gan", 50)
    assert [stop.row.key for stop in scale.stops] == ["blurred", "noisy", "one_class", "untrained"]
    assert [stop.place for stop in scale.stops] == [25, 50, 61.24, 100]
    # What lies too near to a name that is there has none.
    assert [stop.row.key for stop in scale.named] == ["untrained", "one_class", "blurred"]


def test_better_than_real_is_at_the_start(metrics: dict[str, Any]) -> None:
    better = copy.deepcopy(metrics)
    better["vae"]["kernel_distance"] = -1.0
    assert scores.scale(better, VAE).own.place == 0
