"""Each rule on a case made to trigger it, and on the healthy case, where none may find anything."""

from dataclasses import replace

import pytest

from latentlab.showing.verdict import sample_rules
from latentlab.showing.verdict.findings import Case, Rule
from tests.showing.verdict.cases import assert_found, case, scores

TROUBLES: list[tuple[Rule, Case, str, str, str]] = [
    (
        sample_rules.mode_collapse,
        case(classes_covered=2, missing_classes=[1]),
        "problem",
        "mode collapse",
        "own.variety",
    ),
    (sample_rules.blurred_samples, case(sharpness=0.5), "note", "blurred samples", "own.sharpness"),
    (sample_rules.blurred_samples, case(sharpness=0.19), "problem", "blurred samples", "own.sharpness"),
    (sample_rules.low_diversity, case(within_class_diversity=0.5), "note", "low diversity", "own.variety"),
    (
        sample_rules.low_diversity,
        case(within_class_diversity=0.39, sharpness=0.3),
        "problem",
        "low diversity",
        "own.variety",
    ),
    (sample_rules.memorisation, case(memorisation=-6.1), "problem", "memorisation", "own.copies"),
    (
        sample_rules.too_few_samples,
        case(warning="With 1000 images ..."),
        "note",
        "too few samples to tell",
        "evaluate.num_samples",
    ),
]
# Just beyond each threshold and just before it; the rule must tell them apart.
LIMITS: list[tuple[Rule, Case, Case]] = [
    (sample_rules.mode_collapse, case(classes_covered=2), case(classes_covered=3)),
    (sample_rules.blurred_samples, case(sharpness=0.59), case(sharpness=0.61)),
    (sample_rules.low_diversity, case(within_class_diversity=0.69), case(within_class_diversity=0.71)),
    (
        sample_rules.low_diversity,
        case(within_class_diversity=0.399, sharpness=0.59),
        case(within_class_diversity=0.401, sharpness=0.59),
    ),
    (sample_rules.memorisation, case(memorisation=-3.1), case(memorisation=-2.9)),
]


@pytest.mark.parametrize(("rule", "trouble", "kind", "name", "key"), TROUBLES)
def test_a_trouble_is_found_with_its_key(rule: Rule, trouble: Case, kind: str, name: str, key: str) -> None:
    assert_found(rule, trouble, kind, name, key)


@pytest.mark.parametrize(("rule", "beyond", "before"), LIMITS)
def test_the_limit_is_where_it_is_said_to_be(rule: Rule, beyond: Case, before: Case) -> None:
    assert rule(beyond)
    assert rule(before) is None


@pytest.mark.parametrize(
    ("rule", "beyond", "before"),
    [
        (sample_rules.memorisation, case(memorisation=-6.01), case(memorisation=-5.99)),
        (sample_rules.blurred_samples, case(sharpness=0.199), case(sharpness=0.201)),
        (
            sample_rules.low_diversity,
            case(within_class_diversity=0.399),
            case(within_class_diversity=0.401),
        ),
    ],
)
def test_a_note_becomes_a_problem(rule: Rule, beyond: Case, before: Case) -> None:
    kinds = [finding.kind for trouble in (beyond, before) if (finding := rule(trouble))]
    assert kinds == ["problem", "note"]


@pytest.mark.parametrize("rule", sample_rules.RULES, ids=lambda rule: rule.__name__)
def test_nothing_is_found_where_all_is_well(rule: Rule) -> None:
    assert rule(case()) is None


def test_every_rule_is_triggered_here() -> None:
    assert set(sample_rules.RULES) == {row[0] for row in TROUBLES}


def test_the_missing_classes_are_named() -> None:
    finding = sample_rules.mode_collapse(case(classes_covered=1, missing_classes=[1, 2]))
    assert finding
    assert finding.sentence == "1 of 3 classes are covered; missing: 1, 2."
    assert finding.evidence == {"classes_covered": 1, "missing_classes": [1, 2]}


def test_few_sharp_images_are_not_called_blurred_and_blurred_ones_not_few() -> None:
    few, soft = case(within_class_diversity=0.1), case(within_class_diversity=0.5, sharpness=0.3)
    rules = (sample_rules.blurred_samples, sample_rules.low_diversity)
    found = [[finding.name for rule in rules if (finding := rule(trouble))] for trouble in (few, soft)]
    assert found == [["low diversity"], ["blurred samples"]]


def test_without_labels_no_class_is_missing() -> None:
    unlabelled = {name: value for name, value in scores().items() if "classes" not in name}
    assert sample_rules.mode_collapse(replace(case(), scores=unlabelled)) is None
