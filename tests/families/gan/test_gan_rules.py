"""Each rule on a GAN made to trigger it, and on one that is well, of which none may find anything."""

from typing import Any

import pytest

from latentlab.families.gan import rules
from latentlab.showing.verdict import sample_rules
from latentlab.showing.verdict.findings import Case, Rule
from tests.showing.verdict import cases
from tests.showing.verdict.cases import SURE, assert_found

BALANCE = {
    "objective": "non_saturating",
    "accuracy_real": 0.7,
    "accuracy_generated": 0.7,
    "diverged_epoch": None,
}


def balance(**changes: Any) -> dict[str, Any]:
    return BALANCE | changes


def snapshots(*distances: float) -> list[dict[str, float]]:
    return [{"epoch": epoch, "distance": distance} for epoch, distance in enumerate(distances, start=1)]


def case(**changes: Any) -> Case:
    own = {"history": BALANCE, "snapshots": snapshots(0.2, 0.051, 0.05)}
    return cases.case(own, remedies=rules.REMEDIES, **changes)


WON = balance(accuracy_real=0.99, accuracy_generated=0.96)

TROUBLES: list[tuple[Rule, Case, str, str, str]] = [
    (
        rules.divergence,
        case(history=balance(diverged_epoch=12)),
        "problem",
        "divergence",
        "gan.discriminator_learning_rate",
    ),
    (
        rules.discriminator_wins,
        case(history=WON, kernel_distance=0.3),
        "problem",
        "the discriminator wins",
        "gan.discriminator_learning_rate",
    ),
    (
        rules.discriminator_wins,
        case(history=WON),
        "note",
        "the discriminator wins",
        "gan.discriminator_learning_rate",
    ),
    (
        rules.discriminator_gives_up,
        case(history=balance(accuracy_real=0.5, accuracy_generated=0.52), kernel_distance=0.3),
        "problem",
        "the discriminator gives up",
        "gan.generator_learning_rate",
    ),
    (
        rules.stopped_too_early,
        case(snapshots=snapshots(0.2, 0.1)),
        "note",
        "stopped too early",
        "gan.epochs",
    ),
    (
        sample_rules.missing_classes,
        case(classes_covered=2, missing_classes=[1]),
        "problem",
        "mode collapse",
        "gan.discriminator_learning_rate",
    ),
    (
        sample_rules.low_diversity,
        case(within_class_diversity=0.5),
        "note",
        "low diversity",
        "gan.discriminator_learning_rate",
    ),
    (sample_rules.blurred_samples, case(sharpness=0.5), "note", "blurred samples", "gan.epochs"),
    (sample_rules.memorisation, case(near_copies=0.07, **SURE), "problem", "memorisation", "gan.epochs"),
]
# Each threshold itself where it is a plain number, and a little to its other side.
LIMITS: list[tuple[Rule, Case, Case]] = [
    (
        rules.discriminator_wins,
        case(history=balance(accuracy_real=0.95, accuracy_generated=0.95)),
        case(history=balance(accuracy_real=0.95, accuracy_generated=0.949)),
    ),
    (
        rules.discriminator_gives_up,
        case(history=balance(accuracy_real=0.5, accuracy_generated=0.6), kernel_distance=0.21),
        case(history=balance(accuracy_real=0.5, accuracy_generated=0.61), kernel_distance=0.21),
    ),
    (
        rules.discriminator_gives_up,
        case(history=balance(accuracy_real=0.5, accuracy_generated=0.5), kernel_distance=0.2),
        case(history=balance(accuracy_real=0.5, accuracy_generated=0.5), kernel_distance=0.19),
    ),
    (
        rules.stopped_too_early,
        case(snapshots=snapshots(1.0, 0.9)),
        case(snapshots=snapshots(1.0, 0.91)),
    ),
    (
        rules.stopped_too_early,
        case(snapshots=snapshots(-0.001, -0.0011)),
        case(snapshots=snapshots(-0.001, -0.00095)),
    ),
    (rules.stopped_too_early, case(snapshots=snapshots(0.0, -0.001)), case(snapshots=snapshots(0.0, 0.0))),
]


@pytest.mark.parametrize(("rule", "trouble", "kind", "name", "key"), TROUBLES)
def test_a_trouble_is_found_with_its_key(rule: Rule, trouble: Case, kind: str, name: str, key: str) -> None:
    assert_found(rule, trouble, kind, name, key)


@pytest.mark.parametrize(("rule", "beyond", "before"), LIMITS)
def test_the_limit_is_where_it_is_said_to_be(rule: Rule, beyond: Case, before: Case) -> None:
    assert rule(beyond)
    assert rule(before) is None


def test_a_discriminator_that_wins_is_a_problem_where_samples_are_as_bad_as_blurred_images() -> None:
    cases = case(history=WON, kernel_distance=0.2), case(history=WON, kernel_distance=0.199)
    kinds = [finding.kind for won in cases if (finding := rules.discriminator_wins(won))]
    assert kinds == ["problem", "note"]


@pytest.mark.parametrize("rule", rules.RULES["gan"], ids=lambda rule: rule.look.__name__)
def test_nothing_is_found_where_all_is_well(rule: Rule) -> None:
    assert rule(case()) is None


def test_every_rule_of_its_own_is_triggered_here() -> None:
    own = set(rules.RULES["gan"]) - set(sample_rules.RULES)
    assert own <= {row[0] for row in TROUBLES}
    assert set(sample_rules.RULES) < set(rules.RULES["gan"])


def test_the_best_epoch_is_judged_by_its_own_samples_alone() -> None:
    assert rules.RULES["gan_best"] == sample_rules.RULES


def test_a_guessing_discriminator_is_well_where_samples_are_good() -> None:
    fair = balance(accuracy_real=0.5, accuracy_generated=0.5)
    assert rules.discriminator_gives_up(case(history=fair, kernel_distance=0.05)) is None


def test_a_discriminator_that_is_right_on_one_kind_alone_does_not_win() -> None:
    assert rules.discriminator_wins(case(history=balance(accuracy_real=1.0))) is None


def test_a_wasserstein_critic_may_win() -> None:
    winning = balance(objective="wasserstein_gp", accuracy_real=0.99, accuracy_generated=0.99)
    assert rules.discriminator_wins(case(history=winning)) is None


def test_a_training_of_one_snapshot_says_nothing_of_its_end() -> None:
    assert rules.stopped_too_early(case(snapshots=snapshots(1.0))) is None
