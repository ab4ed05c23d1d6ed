"""Troubles of a generative adversarial network."""

from latentlab.showing.verdict import sample_rules
from latentlab.showing.verdict.findings import HEADLINE, Case, Finding, Remedies, Rule, rests_on

REMEDIES = Remedies(variety="gan.discriminator_learning_rate", sharpness="gan.epochs", copies="gan.epochs")
# The discriminator is right on both kinds of images so often that the generator learns little from it.
WINS = 0.95
# The objective whose discriminator should win.
CRITIC = "wasserstein_gp"
# It guesses.
GUESSES = 0.55
# The best snapshot is the last, and this much better than the one before.
STILL_GAINING = 0.1


@rests_on()
def divergence(case: Case) -> Finding | None:
    """A loss that went up and stayed there; see `adversaries`."""
    epoch = case.scores["history"]["diverged_epoch"]
    if epoch is None:
        return None
    sentence = f"From epoch {epoch} on, one network's loss is above 5 nats to the end."
    return Finding(
        "problem", "divergence", sentence, {"diverged_epoch": epoch}, "gan.discriminator_learning_rate"
    )


@rests_on(HEADLINE)
def discriminator_wins(case: Case) -> Finding | None:
    """It tells real from generated nearly always, on either kind.

    A Wasserstein critic may: the better it is, the better its slopes (Arjovsky et al. 2017, section 3).
    Else it is a problem where the samples are no better than blurred real images; with better ones the
    generator has learned all the same, and it is worth a note.
    """
    real, generated = _accuracies(case)
    if min(real, generated) < WINS or case.scores["history"]["objective"] == CRITIC:
        return None
    distance, blurred = _distances(case)
    return Finding(
        "problem" if distance >= blurred else "note",
        "the discriminator wins",
        f"At the end it is right on {real:.0%} of real and {generated:.0%} of generated images; the samples "
        f"are at {distance:.3g}, blurred real images at {blurred:.3g}.",
        {"accuracy_real": real, "accuracy_generated": generated, case.headline: distance},
        "gan.discriminator_learning_rate",
    )


@rests_on(HEADLINE)
def discriminator_gives_up(case: Case) -> Finding | None:
    """It guesses, though the samples are worse than blurred real images; with good ones it may well guess."""
    real, generated = _accuracies(case)
    distance, blurred = _distances(case)
    if (real + generated) / 2 > GUESSES or distance < blurred:
        return None
    return Finding(
        "problem",
        "the discriminator gives up",
        f"It is right on {(real + generated) / 2:.0%} of images, and yet the samples are at {distance:.3g}, "
        f"blurred real images at {blurred:.3g}.",
        {"accuracy_real": real, "accuracy_generated": generated, case.headline: distance},
        "gan.generator_learning_rate",
    )


@rests_on("kernel_distance")
def stopped_too_early(case: Case) -> Finding | None:
    """The last epoch is the best, by far."""
    distances = [snapshot["distance"] for snapshot in case.scores["snapshots"]]
    if len(distances) < 2:
        return None
    before, last = min(distances[:-1]), distances[-1]
    # Without bias, a distance of next to nothing may lie below 0.
    if last >= before or last > before - STILL_GAINING * abs(before):
        return None
    return Finding(
        "note",
        "stopped too early",
        f"The distance to validation images still fell from {before:.3g} to {last:.3g} at the end.",
        {"before": before, "last": last},
        "gan.epochs",
    )


def _distances(case: Case) -> tuple[float, float]:
    """The headline of the samples and of blurred real images."""
    return case.scores[case.headline], case.references["blurred"][case.headline]


def _accuracies(case: Case) -> tuple[float, float]:
    history = case.scores["history"]
    return history["accuracy_real"], history["accuracy_generated"]


RULES: dict[str, tuple[Rule, ...]] = {
    "gan": (
        divergence,
        discriminator_wins,
        discriminator_gives_up,
        *sample_rules.RULES,
        stopped_too_early,
    ),
    # Its training is the same; what is its own are the samples.
    "gan_best": sample_rules.RULES,
}
