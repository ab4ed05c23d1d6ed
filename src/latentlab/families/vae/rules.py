"""Troubles of a variational autoencoder."""

from statistics import fmean

from latentlab.showing.verdict import sample_rules
from latentlab.showing.verdict.findings import Case, Finding, Remedies, Rule, rests_on

REMEDIES = Remedies(variety="vae.kl_weight", sharpness="vae.latent_dim", copies="vae.epochs")
# e^0.1 = 1.1 images could be told apart by such a z.
COLLAPSED_NATS = 0.1
# For each active dimension of z: the moment-matched Gaussian of the encodings is then as far from N(0, I) as
# a mean of 1 in each.
FAR_FROM_PRIOR_NATS = 0.5
# Of all that training gained, in the last tenth of the epochs.
STILL_GAINING = 0.02
# Of all that was gained on validation images, lost again by the end: more than epochs differ by chance.
LOST_AGAIN = 0.1


@rests_on()
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


@rests_on()
def weak_kl(case: Case) -> Finding | None:
    """Encodings far from the prior: samples of the prior then fall where the decoder has learned nothing."""
    latent = case.scores["latent"]
    distance, active = latent["aggregate_posterior_kl_nats"], latent["active_units"]
    if distance < FAR_FROM_PRIOR_NATS * max(1, active):
        return None
    return Finding(
        "problem",
        "KL too weak",
        f"Encodings as a whole are {distance:.2f} nats from the prior in {active} active dimensions, so its "
        "samples miss what the decoder knows.",
        {"aggregate_posterior_kl_nats": distance},
        "vae.kl_weight",
    )


@rests_on()
def divergence(case: Case) -> Finding | None:
    """A training that ends no better than its first epoch was, on its own images and on others.

    While the KL is warmed up, the objective on training images may rise; that on others has its full weight.
    """
    train, validation = (_objective(case, split) for split in ("train", "validation"))
    first, end = validation[0], _ends(validation)[-1]
    if len(validation) < 2 or end < first or _ends(train)[-1] < train[0]:
        return None
    return Finding(
        "problem",
        "divergence",
        f"The objective on validation images was {first:.4f} at first and is {end:.4f} at the end.",
        {"first": first, "last": end},
        "vae.learning_rate",
    )


@rests_on()
def overfitting(case: Case) -> Finding | None:
    """The objective on validation images rises while that on training images falls.

    Both are means over a tenth of the epochs, because single epochs differ by chance.
    """
    train, validation = (_ends(_objective(case, split)) for split in ("train", "validation"))
    best = min(range(len(validation)), key=validation.__getitem__)
    gained, lost = _objective(case, "validation")[0] - validation[best], validation[-1] - validation[best]
    if lost <= LOST_AGAIN * gained or train[-1] >= train[best]:
        return None
    return Finding(
        "note",
        "overfitting",
        f"The objective on validation images has risen from {validation[best]:.4f} to {validation[-1]:.4f}, "
        f"that on training images has fallen to {train[-1]:.4f}.",
        {"best_validation": validation[best], "last_validation": validation[-1], "last_train": train[-1]},
        "vae.epochs",
    )


@rests_on()
def stopped_too_early(case: Case) -> Finding | None:
    """The objective on validation images still falls at the end."""
    objective = _objective(case, "validation")
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


def _objective(case: Case, split: str) -> list[float]:
    return [record[f"{split}_objective"] for record in case.history]


def _ends(values: list[float]) -> list[float]:
    """The mean of the tenth of all epochs, rounded up, that ends with each epoch from there on."""
    tenth = -(-len(values) // 10)
    return [fmean(values[end - tenth : end]) for end in range(tenth, len(values) + 1)]


RULES: dict[str, tuple[Rule, ...]] = {
    "vae": (
        divergence,
        posterior_collapse,
        weak_kl,
        *sample_rules.RULES,
        overfitting,
        stopped_too_early,
    )
}
