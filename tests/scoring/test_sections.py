import copy

from latentlab.scoring import sections


def test_scores_are_placed_where_their_names_say() -> None:
    metrics = {"vae": {"kl_nats": 1.0}}
    sections.place({"vae": {"recall": 0.5}, "references.real": {"recall": 0.9}}, metrics)
    assert metrics == {"vae": {"kl_nats": 1.0, "recall": 0.5}, "references": {"real": {"recall": 0.9}}}


def test_parts_become_one_in_their_order_behind_what_comes_first() -> None:
    parts = [
        {"b": {"recall": 0.1}, "samplers": {"b": {"x": {"recall": 0.2}}}},
        {"a": {"recall": 0.3}, "references": {"untrained": {"recall": 0.0}}},
        {"references": {"real": {"recall": 0.9}}, "protocol": {"num_test": 7}},
    ]
    merged = sections.merge(parts, first=("a", "absent", "b"))
    assert merged == {
        "a": {"recall": 0.3},
        "b": {"recall": 0.1},
        "samplers": {"b": {"x": {"recall": 0.2}}},
        "references": {"untrained": {"recall": 0.0}, "real": {"recall": 0.9}},
        "protocol": {"num_test": 7},
    }
    assert list(merged) == ["a", "b", "samplers", "references", "protocol"]
    assert list(merged["references"]) == ["untrained", "real"]


def test_parts_stay_as_they_are() -> None:
    parts = [{"a": {"b": {"c": 1}}}, {"a": {"b": {"d": 2}}}]
    before = copy.deepcopy(parts)
    assert sections.merge(parts, first=()) == {"a": {"b": {"c": 1, "d": 2}}}
    assert parts == before
