"""Which scores are believed, by ladders written by hand."""

from typing import Any

import pytest

from latentlab.scoring.yardstick import trust

GOOD = {
    "kernel_distance": 0.0,
    "precision": 0.9,
    "coverage": 0.9,
    "classes_covered": 10,
    "sharpness": 1.0,
}


def scored(**values: float) -> dict[str, Any]:
    """Scores with intervals of a tenth to either side."""
    scores: dict[str, Any] = GOOD | values
    return {**scores, "intervals": {name: [value - 0.1, value + 0.1] for name, value in scores.items()}}


def ladder(*distances: float, **top: float) -> list[dict[str, Any]]:
    """Rungs by kernel distance, of which the last has other scores as well."""
    rungs = [scored(kernel_distance=distance) for distance in distances]
    return [*rungs[:-1], scored(**{"kernel_distance": distances[-1], **top})]


def ladders(**changes: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """Of features that see everything; sharpness climbs as it should."""
    destroyed: dict[str, float] = {"precision": 0.1, "coverage": 0.1}
    built = {
        "blur": [scored(kernel_distance=0.2 * step, sharpness=1 - 0.3 * step) for step in (1, 2, 3)],
        "white noise": ladder(0.2, 1.0, 3.0, sharpness=4.0, **destroyed),
        "spectrum noise": ladder(0.3, 1.0, 2.0, **destroyed),
        "phases": ladder(0.3, 0.6, 1.0, **destroyed),
        "patches": ladder(0.3, 0.6, 1.0, **destroyed),
        "checkerboard": ladder(0.1, 0.3, 0.5, sharpness=3.0),
        "classes": ladder(0.1, 0.3, 0.5, classes_covered=1),
    }
    return built | {name.replace("_", " "): rungs for name, rungs in changes.items()}


def test_features_that_see_everything_are_trusted_and_nothing_is_withheld() -> None:
    found = trust.judge(scored(), ladders())
    assert (found.trusted, found.withheld) == (True, {})
    # The least without structure is 1.0, of phases; the most of slight ones 0.2.
    assert found.ratio == pytest.approx(5)
    assert found.because.endswith(".")


def test_features_in_which_blur_is_worse_than_the_loss_of_structure_are_not() -> None:
    """Each ladder rises all the same, as in a classifier that has learned colours alone."""
    found = trust.judge(scored(), ladders(phases=ladder(0.02, 0.05, 0.3, precision=0.1, coverage=0.1)))
    assert not found.trusted
    assert found.ratio == pytest.approx(0.3 / 0.2)
    assert {"kernel_distance", "precision", "coverage"} <= set(found.withheld)
    # Pixels have no part in it.
    assert not {"sharpness", "classes_covered"} & set(found.withheld)


def test_slight_degradations_within_chance_count_as_far_as_chance_allows() -> None:
    """0.1 is the upper end of real images' interval."""
    unseen = ladders(
        blur=ladder(0.0, 0.3, 0.6, sharpness=0.2),
        white_noise=ladder(-0.1, 1.0, 3.0, precision=0.0, coverage=0.0),
    )
    assert trust.ratio(scored(), unseen) == pytest.approx(10)


@pytest.mark.parametrize(
    ("distances", "reason"),
    [
        ((0.1, 0.9, 0.5), "takes worse images for better"),
        ((0.0, 0.1, 0.15), "does not tell the worst images from real ones"),
        ((-0.3, 0.3, 0.9), "takes degraded images for better than real ones"),
    ],
)
def test_a_ladder_that_does_not_rise_costs_the_features_their_trust(
    distances: tuple[float, float, float], reason: str
) -> None:
    found = trust.judge(scored(), ladders(checkerboard=ladder(*distances, sharpness=3.0)))
    assert not found.trusted
    assert found.withheld["kernel_distance"].startswith(reason)
    assert "checkerboard" in found.because


def test_no_score_of_features_that_are_not_trusted_is_given() -> None:
    """Coverage does what it should on each ladder, and is measured in the same features."""
    found = trust.judge(scored(), ladders(checkerboard=ladder(0.1, 0.9, 0.5, sharpness=3.0)))
    assert set(found.withheld) == {"kernel_distance", "precision", "coverage"}
    assert found.withheld["coverage"] == (
        "is measured in features that cannot be trusted: the kernel distance takes worse images for better, "
        "on the ladder checkerboard"
    )


def test_a_fall_within_chance_is_none() -> None:
    assert trust.judge(scored(), ladders(checkerboard=ladder(0.3, 0.45, 0.4, sharpness=3.0))).trusted


def test_a_score_that_lets_destroyed_images_pass_is_withheld_alone() -> None:
    """0.45 is half of what real images have."""
    passing = ladder(0.3, 1.0, 2.0, precision=0.45, coverage=0.1)
    found = trust.judge(scored(), ladders(spectrum_noise=passing))
    assert found.trusted
    assert set(found.withheld) == {"precision"}
    assert "spectrum noise" in found.withheld["precision"]


def test_a_score_near_one_climbs_on_either_side() -> None:
    """Blur that leaves images as sharp as real ones is not seen by sharpness."""
    blind = [scored(kernel_distance=0.2 * step, sharpness=1.05) for step in (1, 2, 3)]
    assert set(trust.judge(scored(), ladders(blur=blind)).withheld) == {"sharpness"}


def test_ladders_and_scores_that_images_do_not_have_are_not_missed() -> None:
    without = {name: rungs for name, rungs in ladders().items() if name != "classes"}
    real = scored()
    del real["classes_covered"]
    assert trust.judge(real, without).trusted
