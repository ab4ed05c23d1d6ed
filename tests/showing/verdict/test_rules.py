"""Each rule on a case made to trigger it, and on the healthy case, where none may find a problem."""

from dataclasses import replace
from typing import Any

import pytest

from latentlab.families.autoencoder import rules as autoencoder_rules
from latentlab.families.gan import rules as gan_rules
from latentlab.families.vae import rules as vae_rules
from latentlab.scoring.verdict import sample_rules
from latentlab.scoring.verdict.findings import Case, Rule


def scores(**changes: Any) -> dict[str, Any]:
    """Scores of a model that is well, but for some."""
    return {
        "kernel_distance": 0.05,
        "frechet_distance": 4.0,
        "coverage": 0.8,
        "intervals": {"kernel_distance": [0.04, 0.06], "coverage": [0.7, 0.9]},
        "classes_covered": 3,
        "missing_classes": [],
        "within_class_diversity": 0.9,
        "sharpness": 0.9,
        "memorisation": -0.5,
        "kl_nats": 5.0,
        "latent": {
            "kl_per_dimension_nats": [2.5, 2.5],
            "active_units": 2,
            "aggregate_posterior_kl_nats": 0.02,
        },
        "history": {
            "objective": "non_saturating",
            "accuracy_real": 0.7,
            "accuracy_generated": 0.7,
            "diverged_epoch": None,
        },
        "snapshots": [
            {"epoch": 1, "distance": 0.2},
            {"epoch": 2, "distance": 0.051},
            {"epoch": 3, "distance": 0.05},
        ],
    } | changes


REFERENCES = {
    "real": scores(kernel_distance=0.0, within_class_diversity=1.0, sharpness=1.0, memorisation=0.0),
    "blurred": scores(kernel_distance=0.2, within_class_diversity=0.4, sharpness=0.2),
    "copied": scores(memorisation=-12.0),
    "untrained": scores(kernel_distance=3.0),
}


def epochs(train: list[float], validation: list[float]) -> list[dict[str, float]]:
    """The history of a VAE."""
    pairs = zip(train, validation, strict=True)
    return [{"train_objective": ours, "validation_objective": theirs} for ours, theirs in pairs]


FALLING = epochs([1.0, *[0.15] * 19], [1.0, *[0.2] * 19])


def case(model: str = "vae", records: Any = FALLING, warning: str | None = None, **changes: Any) -> Case:
    protocol = {"headline": "kernel_distance", "frechet_warning": warning, "num_test": 1000}
    return Case(model, model.removesuffix("_best"), scores(**changes), REFERENCES, protocol, records)


def latent(**changes: Any) -> dict[str, Any]:
    return scores()["latent"] | changes


def balance(**changes: Any) -> dict[str, Any]:
    return scores()["history"] | changes


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
WON = balance(accuracy_real=0.99, accuracy_generated=0.96)


def fitted(distance: float, coverage: float) -> Case:
    """An autoencoder of which the nearest of two other ways to draw latents has these scores."""
    ways = {
        "gaussian": {"kernel_distance": 0.5, "coverage": 1.0},
        "mixture": {"kernel_distance": distance, "coverage": coverage},
    }
    return replace(case("autoencoder"), samplers=ways)


TROUBLES: list[tuple[Rule, Case, str, str, str]] = [
    (autoencoder_rules.unknown_prior, fitted(0.01, 0.95), "note", "unknown prior", "evaluate.samplers"),
    (vae_rules.posterior_collapse, case(kl_nats=0.0009), "problem", "posterior collapse", "vae.kl_weight"),
    (
        vae_rules.posterior_collapse,
        case(latent=latent(active_units=0)),
        "problem",
        "posterior collapse",
        "vae.kl_weight",
    ),
    (
        vae_rules.posterior_collapse,
        case(latent=latent(active_units=1)),
        "note",
        "unused latent dimensions",
        "vae.latent_dim",
    ),
    (
        vae_rules.weak_kl,
        case(latent=latent(aggregate_posterior_kl_nats=3.0)),
        "problem",
        "KL too weak",
        "vae.kl_weight",
    ),
    (vae_rules.stopped_too_early, case(records=STILL_FALLING), "note", "stopped too early", "vae.epochs"),
    (
        sample_rules.mode_collapse,
        case("gan", classes_covered=2, missing_classes=[1]),
        "problem",
        "mode collapse",
        "gan.discriminator_learning_rate",
    ),
    (
        sample_rules.blurred_samples,
        case(sharpness=0.5),
        "note",
        "blurred samples",
        "vae.latent_dim",
    ),
    (
        sample_rules.blurred_samples,
        case(sharpness=0.19),
        "problem",
        "blurred samples",
        "vae.latent_dim",
    ),
    (
        sample_rules.low_diversity,
        case("gan", within_class_diversity=0.5),
        "note",
        "low diversity",
        "gan.discriminator_learning_rate",
    ),
    (
        sample_rules.low_diversity,
        case(within_class_diversity=0.39, sharpness=0.3),
        "problem",
        "low diversity",
        "vae.kl_weight",
    ),
    (vae_rules.divergence, case(records=diverged(3.0)), "problem", "divergence", "vae.learning_rate"),
    (vae_rules.overfitting, case(records=overfitted(0.3)), "note", "overfitting", "vae.epochs"),
    (
        sample_rules.mode_collapse,
        case("gan_best", classes_covered=2, missing_classes=[1]),
        "problem",
        "mode collapse",
        "gan.discriminator_learning_rate",
    ),
    (sample_rules.memorisation, case("gan", memorisation=-6.1), "problem", "memorisation", "gan.epochs"),
    (
        sample_rules.too_few_samples,
        case(warning="With 1000 images ..."),
        "note",
        "too few samples to tell",
        "evaluate.num_samples",
    ),
    (
        gan_rules.divergence,
        case("gan", history=balance(diverged_epoch=12)),
        "problem",
        "divergence",
        "gan.discriminator_learning_rate",
    ),
    (
        gan_rules.discriminator_wins,
        case("gan", history=WON, kernel_distance=0.3),
        "problem",
        "the discriminator wins",
        "gan.discriminator_learning_rate",
    ),
    (
        gan_rules.discriminator_wins,
        case("gan", history=WON),
        "note",
        "the discriminator wins",
        "gan.discriminator_learning_rate",
    ),
    (
        gan_rules.discriminator_gives_up,
        case("gan", history=balance(accuracy_real=0.5, accuracy_generated=0.52), kernel_distance=0.3),
        "problem",
        "the discriminator gives up",
        "gan.generator_learning_rate",
    ),
    (
        gan_rules.stopped_too_early,
        case("gan", snapshots=[{"epoch": 1, "distance": 0.2}, {"epoch": 2, "distance": 0.1}]),
        "note",
        "stopped too early",
        "gan.epochs",
    ),
]
# Just beyond each threshold and just before it; the rule must tell them apart.
LIMITS: list[tuple[Rule, Case, Case]] = [
    # Nearer than the interval of the score explains, or covering more.
    (autoencoder_rules.unknown_prior, fitted(0.039, 0.8), fitted(0.041, 0.8)),
    (autoencoder_rules.unknown_prior, fitted(0.05, 0.91), fitted(0.05, 0.89)),
    # Without any other way there is nothing to hold N(0, I) against.
    (autoencoder_rules.unknown_prior, fitted(0.01, 0.95), case("autoencoder")),
    (vae_rules.posterior_collapse, case(kl_nats=0.099), case(kl_nats=0.101)),
    (
        vae_rules.weak_kl,
        case(latent=latent(aggregate_posterior_kl_nats=1.01)),
        case(latent=latent(aggregate_posterior_kl_nats=0.99)),
    ),
    (vae_rules.stopped_too_early, case(records=ending(0.021)), case(records=ending(0.019))),
    (
        sample_rules.mode_collapse,
        case(classes_covered=2),
        case(classes_covered=3),
    ),
    (sample_rules.blurred_samples, case(sharpness=0.59), case(sharpness=0.61)),
    (sample_rules.low_diversity, case(within_class_diversity=0.69), case(within_class_diversity=0.71)),
    (
        sample_rules.low_diversity,
        case(within_class_diversity=0.399, sharpness=0.59),
        case(within_class_diversity=0.401, sharpness=0.59),
    ),
    (vae_rules.divergence, case(records=diverged(1.01)), case(records=diverged(0.99))),
    (vae_rules.divergence, case(records=diverged(3.0, 1.01)), case(records=diverged(3.0, 0.99))),
    (vae_rules.overfitting, case(records=overfitted(0.081)), case(records=overfitted(0.079))),
    (sample_rules.memorisation, case(memorisation=-3.1), case(memorisation=-2.9)),
    (
        gan_rules.discriminator_wins,
        case("gan", history=balance(accuracy_real=0.951, accuracy_generated=0.951)),
        case("gan", history=balance(accuracy_real=0.951, accuracy_generated=0.949)),
    ),
    (
        gan_rules.discriminator_gives_up,
        case("gan", history=balance(accuracy_real=0.5, accuracy_generated=0.59), kernel_distance=0.21),
        case("gan", history=balance(accuracy_real=0.5, accuracy_generated=0.61), kernel_distance=0.21),
    ),
    (
        gan_rules.discriminator_gives_up,
        case("gan", history=balance(accuracy_real=0.5, accuracy_generated=0.5), kernel_distance=0.21),
        case("gan", history=balance(accuracy_real=0.5, accuracy_generated=0.5), kernel_distance=0.19),
    ),
    (
        gan_rules.stopped_too_early,
        case("gan", snapshots=[{"epoch": 1, "distance": 1.0}, {"epoch": 2, "distance": 0.89}]),
        case("gan", snapshots=[{"epoch": 1, "distance": 1.0}, {"epoch": 2, "distance": 0.91}]),
    ),
]
HEALTHY = [case("vae"), case("gan")]


@pytest.mark.parametrize(("rule", "trouble", "kind", "name", "key"), TROUBLES)
def test_a_trouble_is_found_with_its_key(rule: Rule, trouble: Case, kind: str, name: str, key: str) -> None:
    finding = rule(trouble)
    assert finding
    assert (finding.kind, finding.name, finding.key) == (kind, name, key)
    assert finding.sentence.endswith(".")
    assert finding.evidence


@pytest.mark.parametrize(("rule", "beyond", "before"), LIMITS)
def test_the_limit_is_where_it_is_said_to_be(rule: Rule, beyond: Case, before: Case) -> None:
    assert rule(beyond)
    assert rule(before) is None


@pytest.mark.parametrize(
    ("rule", "beyond", "before"),
    [
        (sample_rules.memorisation, case(memorisation=-6.01), case(memorisation=-5.99)),
        (
            sample_rules.blurred_samples,
            case(sharpness=0.199),
            case(sharpness=0.201),
        ),
        (
            sample_rules.low_diversity,
            case(within_class_diversity=0.399),
            case(within_class_diversity=0.401),
        ),
        (
            gan_rules.discriminator_wins,
            case("gan", history=WON, kernel_distance=0.201),
            case("gan", history=WON, kernel_distance=0.199),
        ),
    ],
)
def test_a_note_becomes_a_problem(rule: Rule, beyond: Case, before: Case) -> None:
    kinds = [finding.kind for trouble in (beyond, before) if (finding := rule(trouble))]
    assert kinds == ["problem", "note"]


@pytest.mark.parametrize("rule", dict.fromkeys(row[0] for row in TROUBLES), ids=lambda rule: rule.__name__)
@pytest.mark.parametrize("healthy", HEALTHY, ids=lambda healthy: healthy.model)
def test_nothing_is_found_where_all_is_well(rule: Rule, healthy: Case) -> None:
    assert rule(healthy) is None


def test_the_missing_classes_are_named() -> None:
    finding = sample_rules.mode_collapse(case(classes_covered=1, missing_classes=[1, 2]))
    assert finding
    assert finding.sentence == "1 of 3 classes are covered; missing: 1, 2."
    assert finding.evidence == {"classes_covered": 1, "missing_classes": [1, 2]}


def test_a_guessing_discriminator_is_well_where_samples_are_good() -> None:
    fair = balance(accuracy_real=0.5, accuracy_generated=0.5)
    assert gan_rules.discriminator_gives_up(case("gan", history=fair, kernel_distance=0.05)) is None


def test_a_discriminator_that_is_right_on_one_kind_alone_does_not_win() -> None:
    assert gan_rules.discriminator_wins(case("gan", history=balance(accuracy_real=1.0))) is None


def test_a_wasserstein_critic_may_win() -> None:
    winning = balance(objective="wasserstein_gp", accuracy_real=0.99, accuracy_generated=0.99)
    assert gan_rules.discriminator_wins(case("gan", history=winning)) is None


def test_a_history_of_one_epoch_says_nothing_of_its_end() -> None:
    for rule in (vae_rules.stopped_too_early, vae_rules.divergence, vae_rules.overfitting):
        assert rule(case(records=FALLING[:1])) is None
    assert gan_rules.stopped_too_early(case("gan", snapshots=[{"epoch": 1, "distance": 1.0}])) is None


def test_an_objective_that_grew_did_not_stop_too_early() -> None:
    growing = [float(epoch) for epoch in range(20)]
    assert vae_rules.stopped_too_early(case(records=epochs(growing, growing))) is None


def test_an_objective_that_rises_on_all_images_is_no_overfitting() -> None:
    rising = [1.0, *[0.2] * 9, *[0.5] * 10]
    assert vae_rules.overfitting(case(records=epochs(rising, rising))) is None


def test_few_sharp_images_are_not_called_blurred_and_blurred_ones_not_few() -> None:
    few, soft = case(within_class_diversity=0.1), case(within_class_diversity=0.5, sharpness=0.3)
    rules = (sample_rules.blurred_samples, sample_rules.low_diversity)
    found = [[finding.name for rule in rules if (finding := rule(trouble))] for trouble in (few, soft)]
    assert found == [["low diversity"], ["blurred samples"]]


def test_without_labels_no_class_is_missing() -> None:
    looked_at = case()
    unlabelled = {name: value for name, value in scores().items() if "classes" not in name}
    assert sample_rules.mode_collapse(replace(looked_at, scores=unlabelled)) is None
