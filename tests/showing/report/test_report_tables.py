from latentlab.core.origin import Origin
from latentlab.showing.report import tables
from latentlab.showing.report.chapters import Chapter, Fact


def test_params_that_differ_show_the_preset_as_yaml_writes_it() -> None:
    values = {"seed": 1, "vae": {"kl_weight": 1e-05, "filters": [8]}, "gan": {"steps": 3, "new": True}}
    changes = {"vae.kl_weight": 1e-05, "vae.filters": [8], "gan.steps": 3, "gan.new": True}
    usual = {"vae.kl_weight": 0.002, "vae.filters": [8, 16], "gan.steps": None}
    assert tables.params(values, Origin("tiny", changes, usual)) == [
        ("seed", "1", None),
        ("vae.kl_weight", "1e-05", "0.002"),
        ("vae.filters", "[8]", "[8, 16]"),
        ("gan.steps", "3", "null"),
        ("gan.new", "true", ""),
    ]


def test_every_number_has_its_dotted_key() -> None:
    metrics = {"a": {"b": 0.5, "rest": [{"epoch": 5}, {"epoch": 10}]}, "none": [], "shares": [0.25, 1]}
    assert tables.all_numbers(metrics) == [
        ("a.b", "0.5", False),
        ("a.rest.0.epoch", "5", False),
        ("a.rest.1.epoch", "10", False),
        ("none", "[]", False),
        ("shares", "[0.25, 1]", False),
    ]


def test_numbers_that_are_withheld_are_marked_but_for_those_of_other_features() -> None:
    scores = {"frechet_distance": 1.5, "recall": 0.5, "intervals": {"frechet_distance": [1, 2]}}
    metrics = {
        "vae": scores | {"inception": {"frechet_distance": 30.0}},
        "features": {"withheld": {"frechet_distance": "is wrong"}},
    }
    assert [key for key, _, withheld in tables.all_numbers(metrics) if withheld] == [
        "vae.frechet_distance",
        "vae.intervals.frechet_distance",
    ]


def test_a_chapter_has_the_facts_that_were_measured() -> None:
    measured, unmeasured = (Fact(f"model.{key}", "a number", "low is good") for key in ("kl_nats", "epoch"))
    chapter = Chapter("model", "A model", "It learns.", (), (unmeasured, measured))
    assert tables.facts(chapter, {"model": {"kl_nats": 5.4321, "other": 1}}) == [(measured, "5.43")]
