"""Which version becomes the champion, and why another does not."""

from typing import Any

import pytest

from latentlab.scoring.metrics.directions import SCORES
from latentlab.scoring.protocol import describe
from latentlab.tracking import standing


def metrics(distance: float, reach: float = 0.01, extractor: str = "a", split: str = "b") -> dict[str, Any]:
    interval = [distance - reach, distance + reach]
    gan = {"kernel_distance": distance, "intervals": {"kernel_distance": interval}, "num_samples": 100}
    return {
        "gan": gan,
        "vae": {"num_samples": 100},
        "features": {"sha256": extractor},
        "protocol": describe(100, 0.5, split),
    }


def measured(distance: float, **others: Any) -> standing.Measurement:
    measurement = standing.measure(metrics(distance, **others), "gan")
    assert measurement
    return measurement


def test_lower_is_better_in_the_metric_that_decides() -> None:
    assert SCORES[standing.METRIC].better == "low"


def test_a_model_without_the_score_is_not_measured() -> None:
    assert standing.measure(metrics(0.5), "vae") is None
    assert standing.measure(metrics(0.5), "features") is None


def test_a_score_in_features_that_cannot_be_trusted_is_no_measurement() -> None:
    doubted = metrics(0.5)
    doubted["features"] |= {"trusted": False, "withheld": {"kernel_distance": "takes worse for better"}}
    assert standing.measure(doubted, "gan") is None
    doubted["features"]["trusted"] = True
    assert standing.measure(doubted, "gan")


def test_what_cannot_be_compared_is_a_challenger_or_stays_the_champion() -> None:
    doubted = metrics(0.5)
    doubted["features"] |= {"trusted": False, "withheld": {"kernel_distance": "takes worse for better"}}
    said = "not compared: kernel distance is withheld (takes worse for better)"
    assert str(standing.unmeasured(doubted, is_champion=False)) == f"Became challenger: {said}"
    stays = str(standing.unmeasured(doubted, is_champion=True))
    assert stays == f"Became champion: as measured before; now {said}"


def test_the_first_is_the_champion() -> None:
    stands = standing.unopposed(measured(0.5))
    assert str(stands) == "Became champion: kernel distance 0.5 (0.49 to 0.51)"


@pytest.mark.parametrize(
    ("distance", "reach", "alias"),
    [
        # Intervals are 0.49 to 0.51 of the champion, and 0.469 to 0.489 or 0.471 to 0.491 of the other.
        (0.479, 0.01, "champion"),
        (0.481, 0.01, "challenger"),
        (0.4, 0.1, "challenger"),
        (0.5, 0.01, "challenger"),
        (0.6, 0.01, "challenger"),
    ],
)
def test_only_what_is_better_by_more_than_its_spread_becomes_the_champion(
    distance: float, reach: float, alias: str
) -> None:
    stands = standing.against("version 1", [measured(0.5)], measured(distance, reach=reach))
    assert stands.alias == alias
    assert stands.reason.endswith("version 1 with kernel distance 0.5 (0.49 to 0.51)")


@pytest.mark.parametrize(
    ("others", "reason"),
    [
        ({"extractor": "c"}, "the features come from different classifiers"),
        ({"split": "c"}, "the scores are taken against different test images"),
    ],
)
def test_scores_that_were_not_measured_alike_are_never_compared(others: dict[str, str], reason: str) -> None:
    stands = standing.against("version 1", [measured(0.5)], measured(0.1, **others))
    assert stands.alias == "challenger"
    assert stands.reason.endswith(f"; not compared with version 1: {reason}")


def test_of_several_measurements_the_one_that_was_measured_alike_counts() -> None:
    known = [measured(0.5, extractor="c"), measured(0.1), measured(0.5, extractor="d")]
    assert standing.against("version 1", known, measured(0.3)).alias == "challenger"
    assert standing.against("version 1", known, measured(0.3, extractor="d")).alias == "champion"


def test_a_champion_from_before_other_models_were_scored_is_compared_on_what_both_have() -> None:
    """As its tag has it when each model had its number of samples, and there were two."""
    old = {
        "kernel_distance": 0.5,
        "interval": [0.49, 0.51],
        "vae": {"num_samples": 100},
        "gan": {"num_samples": 100},
        "features": {"sha256": "a"},
        "protocol": {"test_split_sha256": "b", "inception_sha256": None},
    }
    assert standing.against("version 1", [old], measured(0.4)).alias == "champion"
    assert standing.against("version 1", [old], measured(0.5)).alias == "challenger"
    stands = standing.against("version 1", [old], measured(0.4, split="c"))
    assert stands.reason.endswith(
        "not compared with version 1: the scores are taken against different test images"
    )
    fewer = [old | {"vae": {"num_samples": 50}, "gan": {"num_samples": 50}}]
    assert "different numbers of samples" in standing.against("version 1", fewer, measured(0.4)).reason


def test_a_champion_without_a_score_is_not_beaten() -> None:
    stands = standing.against("version 1", [], measured(0.1))
    assert stands == (
        "challenger",
        "kernel distance 0.1 (0.09 to 0.11); not compared with version 1: that has no score",
    )
