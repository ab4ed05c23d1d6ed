"""What a plain autoencoder lacks as a generator."""

from latentlab.showing.verdict import sample_rules
from latentlab.showing.verdict.findings import HEADLINE, Case, Finding, Remedies, Rule, rests_on

REMEDIES = Remedies(variety="vae.latent_dim", sharpness="vae.latent_dim", copies="autoencoder.epochs")


@rests_on(HEADLINE, "coverage")
def unknown_prior(case: Case) -> Finding | None:
    """Samples from N(0, I) are farther from real images, or cover fewer, than from what fits the encodings.

    Nothing in its training ties encodings to N(0, I); a distribution that is fitted to them afterwards is a
    way to sample it all the same (Ghosh et al. 2020, section 4). Differences within the interval of the score
    are chance.
    """
    if not case.samplers:
        return None
    way, fitted = min(case.samplers.items(), key=lambda item: item[1][case.headline])
    nearest, _ = case.scores["intervals"][case.headline]
    _, most_covered = case.scores["intervals"]["coverage"]
    if nearest <= fitted[case.headline] and most_covered >= fitted["coverage"]:
        return None
    distance, coverage = case.scores[case.headline], case.scores["coverage"]
    return Finding(
        "note",
        "unknown prior",
        f"From N(0, I) its samples are at {distance:.3g} and cover {coverage:.0%} of real images; drawn by "
        f"{way}, fitted to its encodings, they are at {fitted[case.headline]:.3g} and cover "
        f"{fitted['coverage']:.0%}.",
        {
            case.headline: distance,
            "coverage": coverage,
            "way": way,
            f"fitted_{case.headline}": fitted[case.headline],
            "fitted_coverage": fitted["coverage"],
        },
        "evaluate.samplers",
    )


# It was not trained to generate, so its samples are no fault of its training.
RULES: dict[str, tuple[Rule, ...]] = {
    "autoencoder": (sample_rules.no_structure, unknown_prior, sample_rules.too_few_samples)
}
