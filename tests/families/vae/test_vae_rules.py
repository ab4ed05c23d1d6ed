"""Each rule on a VAE made to trigger it, and on one that is well, of which none may find anything."""

from typing import Any

import pytest

from latentlab.families.vae import rules
from latentlab.showing.verdict import sample_rules
from latentlab.showing.verdict.findings import Case, Rule
from tests.showing.verdict import cases
from tests.showing.verdict.cases import SURE, assert_found

LATENT = {"kl_per_dimension_nats": [2.5, 2.5], "active_units": 2, "aggregate_posterior_kl_nats": 0.02}


def epochs(train: list[float], validation: list[float]) -> list[dict[str, float]]:
    """The history of a training."""
    pairs = zip(train, validation, strict=True)
    return [{"train_objective": ours, "validation_objective": theirs} for ours, theirs in pairs]


FALLING = epochs([1.0, *[0.15] * 19], [1.0, *[0.2] * 19])


def case(records: Any = FALLING, **changes: Any) -> Case:
    own = {"kl_nats": 5.0, "latent": LATENT}
    return cases.case(own, remedies=rules.REMEDIES, records=records, **changes)


def latent(**changes: Any) -> dict[str, Any]:
    return LATENT | changes


def ending(share: float) -> list[dict[str, float]]:
    """Twenty epochs whose last two bring this share of all that is gained."""
    objective = [1.0, *[share] * 17, share / 2, 0.0]
    return epochs(objective, objective)


def overfitted(lost: float) -> list[dict[str, float]]:
    """Twenty epochs that gain 0.8 on validation images and then lose this much again."""
    return epochs([1.0, *[0.2] * 9, *[0.1] * 10], [1.0, *[0.2] * 9, *[0.2 + lost] * 10])


def diverged(train: float, validation: float = 1.5) -> list[dict[str, float]]:
    """Twenty epochs, the first at 1, the last two at these."""
    return epochs(*[[1.0, *[0.5] * 17, end, end] for end in (train, validation)])


STILL_FALLING = epochs(*[[1.0 - epoch / 20 for epoch in range(20)]] * 2)

TROUBLES: list[tuple[Rule, Case, str, str, str]] = [
    (rules.posterior_collapse, case(kl_nats=0.0009), "problem", "posterior collapse", "vae.kl_weight"),
    (
        rules.posterior_collapse,
        case(latent=latent(active_units=0)),
        "problem",
        "posterior collapse",
        "vae.kl_weight",
    ),
    (
        rules.posterior_collapse,
        case(latent=latent(active_units=1)),
        "note",
        "unused latent dimensions",
        "vae.latent_dim",
    ),
    (
        rules.weak_kl,
        case(latent=latent(aggregate_posterior_kl_nats=3.0)),
        "problem",
        "KL too weak",
        "vae.kl_weight",
    ),
    (rules.stopped_too_early, case(STILL_FALLING), "note", "stopped too early", "vae.epochs"),
    (rules.divergence, case(diverged(3.0)), "problem", "divergence", "vae.learning_rate"),
    (rules.overfitting, case(overfitted(0.3)), "note", "overfitting", "vae.epochs"),
    (sample_rules.blurred_samples, case(sharpness=0.5), "note", "blurred samples", "vae.latent_dim"),
    (
        sample_rules.low_diversity,
        case(within_class_diversity=0.39, sharpness=0.3),
        "problem",
        "low diversity",
        "vae.kl_weight",
    ),
    (sample_rules.memorisation, case(near_copies=0.07, **SURE), "problem", "memorisation", "vae.epochs"),
]
# Each threshold itself where it is a plain number, and a little to its other side.
LIMITS: list[tuple[Rule, Case, Case]] = [
    (rules.posterior_collapse, case(kl_nats=0.099), case(kl_nats=0.1)),
    (
        rules.weak_kl,
        case(latent=latent(aggregate_posterior_kl_nats=1.0)),
        case(latent=latent(aggregate_posterior_kl_nats=0.99)),
    ),
    # Half a nat for each active dimension.
    (
        rules.weak_kl,
        case(latent=latent(active_units=1, aggregate_posterior_kl_nats=0.5)),
        case(latent=latent(active_units=32, aggregate_posterior_kl_nats=2.2)),
    ),
    (rules.stopped_too_early, case(ending(0.02)), case(ending(0.019))),
    (rules.divergence, case(diverged(1.0)), case(diverged(0.99))),
    (rules.divergence, case(diverged(3.0, 1.0)), case(diverged(3.0, 0.99))),
    (rules.overfitting, case(overfitted(0.081)), case(overfitted(0.079))),
]


@pytest.mark.parametrize(("rule", "trouble", "kind", "name", "key"), TROUBLES)
def test_a_trouble_is_found_with_its_key(rule: Rule, trouble: Case, kind: str, name: str, key: str) -> None:
    assert_found(rule, trouble, kind, name, key)


@pytest.mark.parametrize(("rule", "beyond", "before"), LIMITS)
def test_the_limit_is_where_it_is_said_to_be(rule: Rule, beyond: Case, before: Case) -> None:
    assert rule(beyond)
    assert rule(before) is None


@pytest.mark.parametrize("rule", rules.RULES["vae"], ids=lambda rule: rule.look.__name__)
def test_nothing_is_found_where_all_is_well(rule: Rule) -> None:
    assert rule(case()) is None


def test_every_rule_of_its_own_is_triggered_here() -> None:
    own = set(rules.RULES["vae"]) - set(sample_rules.RULES)
    assert own <= {row[0] for row in TROUBLES}
    assert set(sample_rules.RULES) < set(rules.RULES["vae"])


def test_a_history_of_one_epoch_says_nothing_of_its_end() -> None:
    for rule in (rules.stopped_too_early, rules.divergence, rules.overfitting):
        assert rule(case(FALLING[:1])) is None


def test_short_histories_are_judged_from_two_and_three_epochs_on() -> None:
    assert rules.divergence(case(epochs([1.0, 1.25], [1.0, 1.5])))
    finding = rules.stopped_too_early(case(epochs(*[[1.0, 0.5, 0.0]] * 2)))
    assert finding
    assert finding.evidence == {"gained": 0.5, "gained_in_all": 1.0}
    assert rules.stopped_too_early(case(epochs(*[[1.0, 0.0]] * 2))) is None


def test_the_last_tenth_of_ten_epochs_is_one() -> None:
    still = [1.0, *[0.5] * 7, 0.0, 0.0]
    assert rules.stopped_too_early(case(epochs(still, still))) is None


def test_an_objective_that_grew_did_not_stop_too_early() -> None:
    growing = [float(epoch) for epoch in range(20)]
    assert rules.stopped_too_early(case(epochs(growing, growing))) is None


@pytest.mark.parametrize("train", [0.5, 0.2])
def test_an_objective_that_does_not_fall_on_training_images_is_no_overfitting(train: float) -> None:
    trained, rising = ([1.0, *[0.2] * 9, *[end] * 10] for end in (train, 0.5))
    assert rules.overfitting(case(epochs(trained, rising))) is None
