"""Troubles of a variational autoencoder."""

from latentlab.verdict.findings import Case, Finding

# e^0.1 = 1.1 images could be told apart by such a z.
COLLAPSED_NATS = 0.1
# The moment-matched Gaussian of the encodings is then as far from N(0, I) as a mean 1.4 away.
FAR_FROM_PRIOR_NATS = 1.0
# Of all that training gained, in the last tenth of the epochs.
STILL_GAINING = 0.02


def posterior_collapse(case: Case) -> Finding | None:
    """An encoder that ignores the image (Bowman et al. 2016), or some dimensions of z that nothing uses."""
    kl, latent = case.scores["kl_nats"], case.scores["latent"]
    active, dimensions = latent["active_units"], len(latent["kl_per_dimension_nats"])
    evidence = {"kl_nats": kl, "active_units": active}
    if kl < COLLAPSED_NATS or active == 0:
        sentence = (
            f"z says nothing of the image: a KL of {kl:.4f} nats, {active} of {dimensions} dimensions in use."
        )
        return Finding("problem", "posterior collapse", sentence, evidence, "vae.kl_weight")
    if active < dimensions:
        sentence = f"{active} of {dimensions} dimensions of z are in use."
        return Finding("note", "unused latent dimensions", sentence, evidence, "vae.latent_dim")
    return None


def weak_kl(case: Case) -> Finding | None:
    """Encodings far from the prior: samples of the prior then fall where the decoder has learned nothing."""
    distance = case.scores["latent"]["aggregate_posterior_kl_nats"]
    if distance < FAR_FROM_PRIOR_NATS:
        return None
    return Finding(
        "problem",
        "KL too weak",
        f"Encodings as a whole are {distance:.2f} nats from the prior, so its samples miss what the decoder "
        "knows.",
        {"aggregate_posterior_kl_nats": distance},
        "vae.kl_weight",
    )


def stopped_too_early(case: Case) -> Finding | None:
    """The objective on validation images still falls at the end."""
    objective = [record["validation_objective"] for record in case.history]
    last = len(objective) - 1 - max(1, len(objective) // 10)
    if last < 1:
        return None
    gained, of_all = objective[last] - objective[-1], objective[0] - objective[-1]
    if of_all <= 0 or gained < STILL_GAINING * of_all:
        return None
    return Finding(
        "note",
        "stopped too early",
        f"The last tenth of the epochs brought {gained / of_all:.0%} of all that training gained.",
        {"gained": gained, "gained_in_all": of_all},
        "vae.epochs",
    )
