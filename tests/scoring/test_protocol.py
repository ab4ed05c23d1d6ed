"""When scores may be compared, and which one to look at."""

from typing import Any

import pytest

from latentlab.scoring.protocol import comparable, conditions, describe, yardstick


def content(extractor: str = "a", split: str = "b", count: int = 500) -> dict[str, Any]:
    """Of a metrics.json as it is written now."""
    return {
        "vae": {"num_samples": count},
        "gan": {"num_samples": count},
        "features": {"sha256": extractor},
        "protocol": describe(count, 0.5, split),
    }


def measurement(extractor: str = "a", split: str = "b", count: int = 500) -> dict[str, Any]:
    """What a champion was registered with when each model had its number of samples."""
    return {
        "kernel_distance": 0.5,
        "interval": [0.4, 0.6],
        "vae": {"num_samples": count},
        "gan": {"num_samples": count},
        "features": {"sha256": extractor},
        "protocol": {"test_split_sha256": split, "inception_sha256": None},
    }


def test_few_test_images_put_the_kernel_distance_first_and_warn() -> None:
    few, enough = describe(1999, 0.1234, "b"), describe(2000, 0.1234, "b")
    assert few["headline"] == "kernel_distance"
    assert "1999 test images" in few["frechet_warning"]
    assert "0.123" in few["frechet_warning"]
    assert enough == few | {"headline": "frechet_distance", "num_test": 2000, "frechet_warning": None}


def test_so_few_that_nothing_can_be_told_are_marked() -> None:
    told = "all scores are uncertain: read their intervals"
    assert told in describe(99, 0.1234, "b")["frechet_warning"]
    assert told not in describe(100, 0.1234, "b")["frechet_warning"]


def test_the_same_measure_may_be_compared() -> None:
    assert comparable(content(), content()) == []


def test_each_difference_is_a_reason() -> None:
    assert comparable(content(), content(extractor="c")) == ["the features come from different classifiers"]
    assert comparable(content(), content(split="c")) == ["the scores are taken against different test images"]
    [reason] = comparable(content(), content(count=400))
    assert reason.startswith("the models are scored by different numbers of samples")
    assert len(comparable(content(), content("c", "c", 1))) == 3


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
    a, b = content(), content(extractor="c", count=400)
    assert comparable(conditions(a), conditions(b)) == comparable(a, b)
    assert len(comparable(a, b)) == 2
    assert (
        conditions(a)
        == conditions(conditions(a))
        == {
            "features": {"sha256": "a"},
            "protocol": {"test_split_sha256": "b", "inception_sha256": None, "num_test": 500},
        }
    )


def test_equal_yardsticks_are_comparable_and_others_are_not() -> None:
    assert yardstick(content()) == yardstick(content() | {"data": {"train": 7}})
    others = [content(extractor="c"), content(split="c"), content(count=1)]
    assert len({yardstick(other) for other in [content(), *others]}) == 4
    assert yardstick({"vae": {}}) is None


def of_earlier_models() -> dict[str, Any]:
    """As it was written before there was more than one model."""
    earlier = content()
    del earlier["gan"]
    return earlier


def of_a_new_model() -> dict[str, Any]:
    return content() | {"flow": {"num_samples": 500}, "samplers": {"flow": {"gaussian": {"recall": 0.5}}}}


@pytest.mark.parametrize("other", [of_earlier_models(), of_a_new_model(), measurement()])
def test_results_of_other_models_are_compared_by_what_both_have(other: dict[str, Any]) -> None:
    assert comparable(content(), other) == comparable(other, content()) == []
    assert yardstick(content()) == yardstick(other)
    for changed in (content(extractor="c"), content(split="c"), content(count=400)):
        assert len(comparable(changed, other)) == len(comparable(other, changed)) == 1
        assert yardstick(changed) != yardstick(other)


def test_what_one_side_does_not_say_is_not_compared() -> None:
    bare: dict[str, Any] = {"protocol": {}}
    assert comparable(bare, content()) == comparable(content(), bare) == comparable(bare, bare) == []
    assert comparable(measurement(count=1), measurement(count=2)) == comparable(content(count=1), content())


def test_where_there_is_no_frechet_distance_the_kernel_distance_is_read_without_a_warning() -> None:
    described = describe(5000, None, "ab")
    assert (described["headline"], described["frechet_warning"]) == ("kernel_distance", None)
    few = describe(50, None, "ab")
    assert few["frechet_warning"].startswith("With so few all scores are uncertain")
