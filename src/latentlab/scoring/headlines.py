"""The few scores to look at first, out of all in metrics.json, and which way each is better."""

from collections.abc import Collection, Mapping
from typing import Any

from latentlab.scoring.metrics.directions import IN_WORDS, SCORES

SHARED = ("kernel_distance", "frechet_distance", "precision", "recall", "classes_covered")
# By name, in the order in which they are shown; None is good neither high nor low.
BETTER: dict[str, str | None] = {
    **{name: SCORES[name].better for name in SHARED},
    "reconstruction_nats_per_pixel": "low",
    "elbo_grey_nats": "high",
    "bits_per_dimension": "low",
    "kl_nats": None,
    "test_accuracy": "high",
}
WORDS = {"frechet": "Fréchet", "elbo": "ELBO", "kl": "KL"}
# Parts of metrics.json that are no result of a model.
ASIDE = ("references", "intervals", "withheld")
# The section of distances in features of their own, of which the yardstick says nothing.
APART = "inception"


def withheld(metrics: Mapping[str, Any]) -> Mapping[str, str]:
    """The scores in metrics.json that cannot be believed, and why: ends of sentences that begin with them."""
    found: Mapping[str, str] = metrics.get("features", {}).get("withheld", {})
    return found


def believed(metrics: Mapping[str, Any], scores: Mapping[str, Any]) -> dict[str, Any]:
    """Of one set's scores in metrics.json those that are not withheld."""
    return {name: value for name, value in scores.items() if name not in withheld(metrics)}


def pick(metrics: Mapping[str, Any]) -> dict[str, float]:
    """The headline scores of every model in metrics.json by dotted key, such as ``model.kernel_distance``.

    Those that are withheld are left out.
    """
    return _pick(metrics, withheld(metrics), "")


def by_score(metrics: Mapping[str, Any]) -> dict[str, dict[str, float]]:
    """The same by score and then by model: ``{"kernel_distance": {"one": 0.08, "other": 0.04}}``."""
    table: dict[str, dict[str, float]] = {}
    for name, value in pick(metrics).items():
        model, _, score = name.rpartition(".")
        table.setdefault(score, {})[model] = value
    return {score: table[score] for score in BETTER if score in table}


def sets(metrics: Mapping[str, Any]) -> list[dict[str, str | float]]:
    """The shared scores of each model's images and of unseen real ones, a record for each set."""
    scored = {"real": metrics["references"]["real"]} | {
        model: scores
        for model, scores in metrics.items()
        if isinstance(scores, Mapping) and SHARED[0] in scores
    }
    return [
        {"images": images, **{score: told[score] for score in SHARED if score in told}}
        for images, scores in scored.items()
        for told in [believed(metrics, scores)]
    ]


def name(score: str) -> str:
    """A score's name in words."""
    return " ".join(WORDS.get(word, word) for word in score.split("_"))


def title(score: str) -> str:
    """A score's name with the way that is better: ``kernel distance (lower is better)``."""
    direction = BETTER[score]
    return name(score) + (f" ({IN_WORDS[direction]})" if direction else "")


def trend(score: str, now: float, before: float) -> str:
    """Whether a value is ``better`` or ``worse`` than one before; empty where neither way is."""
    sign = {"low": -1, "high": 1}.get(BETTER[score] or "", 0)
    gain = sign * (now - before)
    return "better" if gain > 0 else "worse" if gain < 0 else ""


def _pick(section: Mapping[str, Any], without: Collection[str], prefix: str) -> dict[str, float]:
    """Those of a section and of all sections in it, but for some scores."""
    found: dict[str, float] = {}
    for key, value in section.items():
        if isinstance(value, Mapping) and key not in ASIDE:
            found |= _pick(value, () if key == APART else without, f"{prefix}{key}.")
        elif key in BETTER and key not in without:
            found[prefix + key] = float(value)
    return found
