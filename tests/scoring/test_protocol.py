"""When scores may be compared, and which one to look at."""

from typing import Any

from latentlab.scoring.protocol import comparable, conditions, describe, yardstick


def content(extractor: str = "a", split: str = "b", vae: int = 500, gan: int = 500) -> dict[str, Any]:
    return {
        "vae": {"num_samples": vae},
        "gan": {"num_samples": gan},
        "features": {"sha256": extractor},
        "protocol": describe(500, 0.5, split),
    }


def test_few_test_images_put_the_kernel_distance_first_and_warn() -> None:
    few, enough = describe(1999, 0.1234, "b"), describe(2000, 0.1234, "b")
    assert few["headline"] == "kernel_distance"
    assert "1999 test images" in few["frechet_warning"]
    assert "0.123" in few["frechet_warning"]
    assert enough == few | {"headline": "frechet_distance", "num_test": 2000, "frechet_warning": None}


def test_the_same_measure_may_be_compared() -> None:
    assert comparable(content(), content()) == []


def test_each_difference_is_a_reason() -> None:
    assert comparable(content(), content(extractor="c")) == ["the features come from different classifiers"]
    assert comparable(content(), content(split="c")) == ["the scores are taken against different test images"]
    [reason] = comparable(content(), content(gan=400))
    assert reason.startswith("the gan is scored by different numbers of samples")
    assert len(comparable(content(), content("c", "c", 1, 1))) == 4


def test_few_samples_make_an_inception_distance_incomparable_with_published_values() -> None:
    none, few, classic = describe(9999, 0.5, "b"), *(describe(n, 0.5, "b", "c") for n in (9999, 10_000))
    assert [part["inception_sha256"] for part in (none, few, classic)] == [None, "c", "c"]
    assert none["inception_warning"] is classic["inception_warning"] is None
    assert "9999 samples from 9999 test images cannot be compared with" in few["inception_warning"]
    assert "set evaluate.num_samples to 10000" in few["inception_warning"]


def test_inception_distances_in_other_weights_may_not_be_compared() -> None:
    """Where one result has none, and maybe was written before there were any, all else may be."""
    none, one, other, old = (content() for _ in range(4))
    one["protocol"] = describe(500, 0.5, "b", "one")
    other["protocol"] = describe(500, 0.5, "b", "other")
    del old["protocol"]["inception_sha256"]
    assert comparable(one, other) == ["the Inception distances come from different weights"]
    assert comparable(conditions(one), conditions(other)) == comparable(one, other)
    assert comparable(one, one) == comparable(one, none) == comparable(old, one) == []
    assert yardstick(none) == yardstick(old)
    assert len({yardstick(one), yardstick(other), yardstick(none)}) == 3


def test_what_does_not_say_how_it_was_made_cannot_be_compared() -> None:
    old = {"vae": {"num_samples": 500}, "gan": {"num_samples": 500}}
    for pair in ((old, content()), (content(), old), (old, old)):
        assert comparable(*pair) == ["one of them does not say how it was made (it has no protocol)"]


def test_the_conditions_are_all_that_comparability_needs() -> None:
    a, b = content(), content(extractor="c", gan=400)
    assert comparable(conditions(a), conditions(b)) == comparable(a, b)
    assert conditions(a) == {
        "vae": {"num_samples": 500},
        "gan": {"num_samples": 500},
        "features": {"sha256": "a"},
        "protocol": {"test_split_sha256": "b", "inception_sha256": None},
    }


def test_equal_yardsticks_are_comparable_and_others_are_not() -> None:
    assert yardstick(content()) == yardstick(content() | {"data": {"train": 7}})
    others = [content(extractor="c"), content(split="c"), content(vae=1), content(gan=1)]
    assert len({yardstick(other) for other in [content(), *others]}) == 5
    assert yardstick({"vae": {}}) is None
