from typing import Any

from latentlab.scoring import headlines

METRICS: dict[str, Any] = {
    "vae": {
        "kl_nats": 4.5,
        "kernel_distance": 0.25,
        "class_histogram": [3, 7],
        "intervals": {"kernel_distance": [0.2, 0.3]},
    },
    "gan": {"kernel_distance": 0.5, "classes_covered": 9, "snapshots": [{"epoch": 1, "distance": 2.0}]},
    "references": {"real": {"kernel_distance": 0.125}},
    "features": {"sha256": "ab", "test_accuracy": 0.75},
    "data": {"train": 20},
}


def test_headlines_are_those_of_models_alone() -> None:
    assert headlines.pick(METRICS) == {
        "vae.kl_nats": 4.5,
        "vae.kernel_distance": 0.25,
        "gan.kernel_distance": 0.5,
        "gan.classes_covered": 9.0,
        "features.test_accuracy": 0.75,
    }


def test_what_is_withheld_is_left_out_everywhere_but_in_features_of_its_own() -> None:
    withheld = {"kernel_distance": "takes worse images for better"}
    doubted = METRICS | {"features": METRICS["features"] | {"withheld": withheld}}
    doubted["vae"] = METRICS["vae"] | {"inception": {"kernel_distance": 30.0}}
    doubted["samplers"] = {"vae": {"mixture": {"kernel_distance": 0.125, "recall": 0.5}}}
    assert headlines.withheld(doubted) == withheld
    assert headlines.withheld(METRICS) == {}
    assert headlines.pick(doubted) == {
        "vae.kl_nats": 4.5,
        "vae.inception.kernel_distance": 30.0,
        "gan.classes_covered": 9.0,
        "features.test_accuracy": 0.75,
        "samplers.vae.mixture.recall": 0.5,
    }
    assert list(headlines.by_score(doubted)["kernel_distance"]) == ["vae.inception"]
    assert headlines.sets(doubted) == [
        {"images": "real"},
        {"images": "vae"},
        {"images": "gan", "classes_covered": 9},
    ]
    assert headlines.believed(doubted, METRICS["gan"]).keys() == {"classes_covered", "snapshots"}


def test_a_table_has_a_row_for_each_score_in_a_fixed_order() -> None:
    assert list(headlines.by_score(METRICS).items()) == [
        ("kernel_distance", {"vae": 0.25, "gan": 0.5}),
        ("classes_covered", {"gan": 9.0}),
        ("kl_nats", {"vae": 4.5}),
        ("test_accuracy", {"features": 0.75}),
    ]


def test_sets_of_images_have_the_scores_that_they_share() -> None:
    assert headlines.sets(METRICS) == [
        {"images": "real", "kernel_distance": 0.125},
        {"images": "vae", "kernel_distance": 0.25},
        {"images": "gan", "kernel_distance": 0.5, "classes_covered": 9},
    ]


def test_titles_say_which_way_is_better() -> None:
    assert headlines.title("kernel_distance") == "kernel distance (lower is better)"
    assert headlines.title("recall") == "recall (higher is better)"
    assert headlines.title("elbo_grey_nats") == "ELBO grey nats (higher is better)"
    assert headlines.title("bits_per_dimension") == "bits per dimension (lower is better)"
    assert headlines.title("kl_nats") == "KL nats"


def test_a_change_is_judged_by_the_scores_direction() -> None:
    assert headlines.trend("kernel_distance", 0.1, 0.2) == "better"
    assert headlines.trend("kernel_distance", 0.2, 0.1) == "worse"
    assert headlines.trend("recall", 0.2, 0.1) == "better"
    assert headlines.trend("kl_nats", 0.2, 0.1) == ""
    assert headlines.trend("recall", 0.2, 0.2) == ""
