"""All rules on all models, and what is said of them in the end."""

from collections.abc import Mapping
from typing import Any

from latentlab.families.autoencoder import rules as autoencoder_rules
from latentlab.families.gan import rules as gan_rules
from latentlab.families.vae import rules as vae_rules
from latentlab.scoring.verdict import sample_rules
from latentlab.scoring.verdict.findings import Case, Rule

SAMPLES: tuple[Rule, ...] = (
    sample_rules.mode_collapse,
    sample_rules.blurred_samples,
    sample_rules.low_diversity,
    sample_rules.memorisation,
    sample_rules.too_few_samples,
)
RULES: dict[str, tuple[Rule, ...]] = {
    # It was not trained to generate, so its samples are no fault of its training.
    "autoencoder": (autoencoder_rules.unknown_prior, sample_rules.too_few_samples),
    "vae": (
        vae_rules.divergence,
        vae_rules.posterior_collapse,
        vae_rules.weak_kl,
        *SAMPLES,
        vae_rules.overfitting,
        vae_rules.stopped_too_early,
    ),
    "gan": (
        gan_rules.divergence,
        gan_rules.discriminator_wins,
        gan_rules.discriminator_gives_up,
        *SAMPLES,
        gan_rules.stopped_too_early,
    ),
    # Its training is the GAN's; what is its own are the samples.
    "gan_best": SAMPLES,
}


def judge(
    metrics: Mapping[str, Any], histories: Mapping[str, list[Mapping[str, float]]]
) -> dict[str, dict[str, Any]]:
    """A verdict on each model.

    Args:
        metrics: all of ``reports/metrics.json``.
        histories: the records of each training's epochs, by its section of params.yaml.

    Returns:
        For each model its ``verdict``, a sentence, and its ``findings``, problems first.
    """
    return {model: _judge(_case(model, metrics, histories), rules) for model, rules in RULES.items()}


def report(verdicts: Mapping[str, Mapping[str, Any]]) -> str:
    """The verdicts as lines for a terminal."""
    lines = []
    for verdict in verdicts.values():
        lines.append(verdict["verdict"])
        for finding in verdict["findings"]:
            lines.append(f"  {finding['kind']}: {finding['name']}. {finding['sentence']} ({finding['key']})")
    return "\n".join(lines)


def _case(model: str, metrics: Mapping[str, Any], histories: Mapping[str, list[Mapping[str, float]]]) -> Case:
    section = model.removesuffix("_best")
    references, protocol = metrics["references"], metrics["protocol"]
    samplers = metrics.get("samplers", {}).get(model, {})
    return Case(model, section, metrics[model], references, protocol, histories[section], samplers)


def _judge(case: Case, rules: tuple[Rule, ...]) -> dict[str, Any]:
    found = [finding for rule in rules if (finding := rule(case))]
    findings = sorted(found, key=lambda finding: finding.kind != "problem")
    problems = [finding.name for finding in findings if finding.kind == "problem"]
    return {"verdict": _sentence(case, problems), "findings": [finding._asdict() for finding in findings]}


def _sentence(case: Case, problems: list[str]) -> str:
    name = case.headline.replace("_", " ")
    own, real, untrained = (
        scores[case.headline]
        for scores in (case.scores, case.references["real"], case.references["untrained"])
    )
    said = f"problems: {', '.join(problems)}" if problems else "no problem found"
    return (
        f"{_title(case)}: {name} {own:.3g}, where real images have {real:.3g} and an untrained "
        f"generator {untrained:.3g}; {said}."
    )


def _title(case: Case) -> str:
    titles = {"autoencoder": "Autoencoder", "vae": "VAE", "gan": "GAN"}
    return titles.get(case.model) or f"GAN, best epoch ({case.scores['epoch']})"
