"""Mean, spread and paired differences, by hand."""

import math
from typing import Any

import pytest

from studies.seeds.statistics import headlines, models, paired_difference, summarise


def by_seed(*values: float) -> dict[str, float]:
    return {str(seed): value for seed, value in enumerate(values, 1)}


def metrics(distance: float) -> dict[str, Any]:
    return {
        "vae": {
            "num_samples": 10,
            "kernel_distance": distance,
            "elbo_grey_nats": -2 * distance,
            "importance_images": 5,
            "class_histogram": [0.5, 0.5],
            "samplers": {"mixture": {"num_samples": 10, "recall": 0.5}},
        },
        "references": {"real": {"num_samples": 10, "kernel_distance": 0.0}},
        "protocol": {"num_test": 10},
    }


def test_mean_and_spread_by_hand() -> None:
    """1, 2 and 6: mean 3, squares 4 + 1 + 9 over two."""
    found = summarise({str(seed): metrics(value) for seed, value in ((1, 1.0), (2, 2.0), (3, 6.0))})
    assert found["vae"]["kernel_distance"] == {
        "mean": 3.0,
        "standard_deviation": math.sqrt(7),
        "n": 3,
        "values": {"1": 1.0, "2": 2.0, "3": 6.0},
    }
    assert found["vae"]["elbo_grey_nats"]["mean"] == -6.0
    assert found["vae.samplers.mixture"]["recall"]["standard_deviation"] == 0.0


def test_a_score_that_one_seed_lacks_is_left_out() -> None:
    rows: dict[str, Any] = {"1": metrics(1.0), "2": metrics(2.0)}
    rows["2"]["vae"]["elbo_grey_nats"] = None
    assert set(summarise(rows)["vae"]) == {"kernel_distance"}


def test_models_are_found_at_any_depth_and_references_are_none() -> None:
    assert [name for name, _ in models(metrics(1.0))] == ["vae", "vae.samplers.mixture"]


def test_counts_and_lists_are_no_headlines() -> None:
    assert set(headlines(metrics(1.0))["vae"]) == {"kernel_distance", "elbo_grey_nats"}


def test_what_the_yardstick_withheld_is_left_out_of_its_features_alone() -> None:
    """The classic distance has features of its own."""
    row = metrics(1.0)
    row["vae"] |= {"frechet_distance": 2.0, "inception": {"num_samples": 10, "frechet_distance": 3.0}}
    row["features"] = {"withheld": {"frechet_distance": "takes worse images for better"}}
    found = summarise({"1": row})
    assert set(found["vae"]) == {"kernel_distance", "elbo_grey_nats"}
    assert found["vae.inception"]["frechet_distance"]["mean"] == 3.0


def test_the_interval_by_hand() -> None:
    """Differences 1 to 5: mean 3, s = sqrt(2.5), t(0.975, 4) = 2.776445 from any table, over sqrt(5)."""
    found = paired_difference(by_seed(10, 20, 30, 40, 50), by_seed(11, 22, 33, 44, 55))
    reach = 2.776445105 * math.sqrt(2.5) / math.sqrt(5)
    assert found.n == 5
    assert found.mean == 3
    assert found.interval == pytest.approx((3 - reach, 3 + reach))
    assert str(found) == "+3 (+1.04 to +4.96), n = 5: differs"


def test_what_seeds_share_cancels_out() -> None:
    """Values from 0 to 100, and always half more: unpaired they could not be told apart."""
    a = by_seed(0, 25, 50, 75, 100)
    b = {seed: value + 0.5 + 0.01 * value / 100 for seed, value in a.items()}
    low, high = paired_difference(a, b).interval or (0, 0)
    assert 0.49 < low < high < 0.52


def test_an_interval_around_zero_tells_no_difference() -> None:
    assert str(paired_difference(by_seed(0, 0, 0, 0, 0), by_seed(1, -1, 1, -1, 0.5))).endswith(
        ": no difference to be told"
    )
    assert paired_difference(by_seed(*range(5)), by_seed(*range(5))).interval == (0, 0)


def test_four_seeds_are_not_enough_however_clear() -> None:
    found = paired_difference(by_seed(0, 0, 0, 0), by_seed(9, 9, 9, 9))
    assert found.interval is None
    assert str(found) == "not enough evidence (4 common seeds, 5 needed)"


def test_common_seeds_alone_are_paired() -> None:
    a, b = by_seed(1, 1, 1, 1, 1, 1), {"3": 2.0, "1": 2.0, "9": 99.0, "2": 2.0, "5": 2.0, "6": 2.0}
    found = paired_difference(a, b)
    assert (found.n, found.mean, found.interval) == (5, 1, (1, 1))
    assert paired_difference({"1": 1.0}, {"2": 1.0}).n == 0
