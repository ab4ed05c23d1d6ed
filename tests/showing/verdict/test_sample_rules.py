"""Each rule on a case made to trigger it, and on the healthy case, where none may find anything."""

from dataclasses import replace

import pytest

from latentlab.showing.verdict import sample_rules
from latentlab.showing.verdict.findings import HEADLINE, Case, Rule
from tests.showing.verdict.cases import SURE, assert_found, case, scores

FAR = {"kernel_distance": 0.12, "intervals": scores()["intervals"] | {"kernel_distance": [0.11, 0.13]}}
BEYOND_BLUR = {"kernel_distance": 0.3, "intervals": scores()["intervals"] | {"kernel_distance": [0.21, 0.4]}}
RUINED = {"kernel_distance": 1.1, "intervals": scores()["intervals"] | {"kernel_distance": [0.9, 1.3]}}


def reaching(highest: float) -> Case:
    """The kernel distance of samples at 0.9, whose interval ends here."""
    return case(kernel_distance=0.9, intervals=scores()["intervals"] | {"kernel_distance": [0.8, highest]})


def starting(lowest: float) -> Case:
    """The same at 0.3, whose interval starts here."""
    return case(kernel_distance=0.3, intervals=scores()["intervals"] | {"kernel_distance": [lowest, 0.5]})


def read_first(score: str, lowest: float) -> Case:
    """The same as :func:`starting`, where another score is the headline."""
    other = case({score: 5.0}, intervals=scores()["intervals"] | {score: [lowest, 6.0]})
    return replace(other, protocol={**other.protocol, "headline": score})


def lost(distance: float) -> Case:
    """Two classes that are lost, at this distance from what is left; the kernel distance is 0.3 +- 0.05."""
    intervals = scores()["intervals"] | {"kernel_distance": [0.25, 0.35]}
    return case(lost_classes=[0, 7], reweighted_distance=distance, kernel_distance=0.3, intervals=intervals)


TROUBLES: list[tuple[Rule, Case, str, str, str]] = [
    (
        sample_rules.missing_classes,
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
    (sample_rules.memorisation, case(near_copies=0.07, **SURE), "problem", "memorisation", "own.copies"),
    (sample_rules.no_structure, case(**RUINED), "problem", "no structure", "own.sharpness"),
    (sample_rules.beyond_slight_blur, case(**FAR), "note", "far from real images", "own.sharpness"),
    (sample_rules.beyond_blur, case(**BEYOND_BLUR), "problem", "far from real images", "own.sharpness"),
    (sample_rules.lost_classes, lost(0.0), "problem", "mode collapse", "own.variety"),
    (sample_rules.narrow_coverage, case(coverage=0.19), "problem", "mode collapse", "own.variety"),
    (sample_rules.grain, case(sharpness=1.6), "note", "grain or checkerboard", "own.sharpness"),
    (sample_rules.grain, case(sharpness=2.1), "problem", "grain or checkerboard", "own.sharpness"),
    (
        sample_rules.too_few_samples,
        case(warning="With 1000 images ..."),
        "note",
        "too few samples to tell",
        "evaluate.num_samples",
    ),
]
# Each threshold itself where it is a plain number, and a little to its other side.
LIMITS: list[tuple[Rule, Case, Case]] = [
    (sample_rules.missing_classes, case(classes_covered=2), case(classes_covered=3)),
    (sample_rules.blurred_samples, case(sharpness=0.6), case(sharpness=0.61)),
    (sample_rules.low_diversity, case(within_class_diversity=0.69), case(within_class_diversity=0.71)),
    (
        sample_rules.low_diversity,
        case(within_class_diversity=0.399, sharpness=0.59),
        case(within_class_diversity=0.401, sharpness=0.59),
    ),
    # The upper end of real images' interval is 0.02.
    (
        sample_rules.memorisation,
        case(near_copies=0.04, intervals={"near_copies": [0.021, 0.06]}),
        case(near_copies=0.04, intervals={"near_copies": [0.02, 0.06]}),
    ),
    # Scrambled phases, the nearest without structure, are at 1.0.
    (sample_rules.no_structure, reaching(1.0), reaching(0.99)),
    # Slight blur is at 0.1.
    (sample_rules.beyond_slight_blur, starting(0.11), starting(0.1)),
    # Strong blur is at 0.2, and at a Fréchet distance of 4.0.
    (sample_rules.beyond_blur, starting(0.21), starting(0.2)),
    (sample_rules.beyond_blur, read_first("frechet_distance", 4.1), read_first("frechet_distance", 4.0)),
    # Real images' interval ends at 0.06, and that of samples reaches 0.05 to either side.
    (sample_rules.lost_classes, lost(0.109), lost(0.111)),
    # Real images cover 0.8.
    (sample_rules.narrow_coverage, case(coverage=0.199), case(coverage=0.2)),
    # A checkerboard makes real images twice as sharp.
    (sample_rules.grain, case(sharpness=1.5), case(sharpness=1.49)),
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
        # Half of 0.01 and 0.11 together.
        (sample_rules.memorisation, case(near_copies=0.06, **SURE), case(near_copies=0.059, **SURE)),
        (sample_rules.grain, case(sharpness=2.0), case(sharpness=1.99)),
        (sample_rules.blurred_samples, case(sharpness=0.2), case(sharpness=0.201)),
        (
            sample_rules.low_diversity,
            case(within_class_diversity=0.4),
            case(within_class_diversity=0.401),
        ),
    ],
)
def test_a_note_becomes_a_problem(rule: Rule, beyond: Case, before: Case) -> None:
    kinds = [finding.kind for trouble in (beyond, before) if (finding := rule(trouble))]
    assert kinds == ["problem", "note"]


@pytest.mark.parametrize("rule", sample_rules.RULES, ids=lambda rule: rule.look.__name__)
def test_nothing_is_found_where_all_is_well(rule: Rule) -> None:
    assert rule(case()) is None


def test_every_rule_is_triggered_here() -> None:
    assert set(sample_rules.RULES) == {row[0] for row in TROUBLES}


def test_the_missing_classes_are_named() -> None:
    finding = sample_rules.missing_classes(case(classes_covered=1, missing_classes=[1, 2]))
    assert finding
    assert finding.sentence == "1 of 3 classes are covered; missing: 1, 2."
    assert finding.evidence == {"classes_covered": 1, "missing_classes": [1, 2]}


def test_the_lost_classes_are_named_once() -> None:
    finding = sample_rules.lost_classes(lost(0.01))
    assert finding
    assert finding.sentence.startswith("Classes that are missing, or nearly: 0, 7. ")
    assert finding.evidence == {"lost_classes": [0, 7], "reweighted_distance": 0.01}
    narrow = replace(lost(0.01), scores={**lost(0.01).scores, "coverage": 0.1})
    assert sample_rules.narrow_coverage(narrow) is None


def test_few_sharp_images_are_not_called_blurred_and_blurred_ones_not_few() -> None:
    few, soft = case(within_class_diversity=0.1), case(within_class_diversity=0.5, sharpness=0.3)
    rules = (sample_rules.blurred_samples, sample_rules.low_diversity)
    found = [[finding.name for rule in rules if (finding := rule(trouble))] for trouble in (few, soft)]
    assert found == [["low diversity"], ["blurred samples"]]


def test_diversity_says_nothing_where_it_cannot_be_told_from_blur() -> None:
    trouble = case(within_class_diversity=0.1)
    blind = replace(trouble, yardstick={**trouble.yardstick, "withheld": {"sharpness": "is blind"}})
    assert sample_rules.low_diversity(trouble)
    assert sample_rules.low_diversity(blind) is None


def test_without_labels_no_class_is_missing() -> None:
    unlabelled = {name: value for name, value in scores().items() if "classes" not in name}
    assert sample_rules.missing_classes(replace(case(), scores=unlabelled)) is None


def test_images_without_structure_are_not_called_far_from_real_ones_as_well() -> None:
    for rule in (sample_rules.beyond_blur, sample_rules.beyond_slight_blur):
        assert rule(case(**RUINED)) is None


def test_images_beyond_strong_blur_are_not_called_far_twice() -> None:
    assert sample_rules.beyond_slight_blur(case(**BEYOND_BLUR)) is None


@pytest.mark.parametrize(
    "explained",
    [
        case(coverage=0.1, sharpness=0.3),
        case(coverage=0.1, classes_covered=2),
        case(coverage=0.1, **RUINED),
        case(coverage=0.1, sharpness=1.6),
    ],
)
def test_low_coverage_that_something_else_explains_is_no_collapse(
    explained: Case,
) -> None:
    assert sample_rules.narrow_coverage(explained) is None


@pytest.mark.parametrize(
    "rule", [rule for rule in sample_rules.RULES if rule.rests_on], ids=lambda rule: rule.look.__name__
)
def test_no_rule_speaks_where_the_score_that_it_rests_on_is_withheld_or_missing(rule: Rule) -> None:
    triggers = [row[1] for row in TROUBLES if row[0] == rule]
    for trouble in triggers:
        assert rule(trouble)
        for score in (trouble.headline if name == HEADLINE else name for name in rule.rests_on):
            withheld = replace(trouble, yardstick={**trouble.yardstick, "withheld": {score: "is blind"}})
            assert rule(withheld) is None
            without = {name: value for name, value in trouble.scores.items() if name != score}
            assert rule(replace(trouble, scores=without)) is None
