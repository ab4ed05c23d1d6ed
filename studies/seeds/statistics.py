"""Mean and spread of scores over seeds, and the difference of two settings, seed by seed."""

import math
import statistics
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import scipy.stats

from latentlab.scoring.headlines import APART, believed
from latentlab.scoring.metrics.directions import SCORES

# Fewer seeds give a t-interval that is wider than most effects.
ENOUGH_SEEDS = 5
CONFIDENCE = 0.95
# The section of metrics.json that scores images of no model.
REFERENCES = "references"

# A score's values by seed.
Values = Mapping[str, float]


def summarise(rows: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, dict[str, Any]]]:
    """The mean, the sample standard deviation, n and the values of each score that all seeds have.

    Args:
        rows: all of metrics.json, by seed; one seed has no standard deviation, so None.

    Returns:
        By model, with dots for nested sections, and by score.
    """
    scores = {seed: headlines(row) for seed, row in rows.items()}
    first = next(iter(scores.values()))
    return {
        model: {
            name: _describe({seed: row[model][name] for seed, row in scores.items()})
            for name in names
            if all(name in row[model] for row in scores.values())
        }
        for model, names in first.items()
    }


def models(metrics: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Each section of metrics.json that scores a model's samples, by its keys with dots between them."""
    for key, section in metrics.items():
        if isinstance(section, Mapping) and key != REFERENCES:
            if "num_samples" in section:
                yield f"{prefix}{key}", section
            yield from models(section, f"{prefix}{key}.")


def headlines(metrics: Mapping[str, Any]) -> dict[str, dict[str, float]]:
    """Each model's scores of samples and bounds on the likelihood that can be believed, without details."""
    return {
        model: _headlines(section if model.endswith(APART) else believed(metrics, section))
        for model, section in models(metrics)
    }


class Difference(NamedTuple):
    """How much more one setting has of a score than another.

    Attributes:
        n: seeds that both have.
        mean: of the differences by seed; NaN where n is 0.
        interval: its two ends at 95 %; None where there is not enough evidence.
    """

    n: int
    mean: float
    interval: tuple[float, float] | None

    def __str__(self) -> str:
        if self.interval is None:
            return f"not enough evidence ({self.n} common seeds, {ENOUGH_SEEDS} needed)"
        low, high = self.interval
        said = "no difference to be told" if low <= 0 <= high else "differs"
        return f"{self.mean:+.3g} ({low:+.3g} to {high:+.3g}), n = {self.n}: {said}"


def paired_difference(a: Values, b: Values) -> Difference:
    """The mean of b - a over common seeds, with the interval of Student's paired t-test.

    Runs of one seed start from the same weights as far as the settings allow, so chance that both share
    cancels out. The mean d of n differences with the sample standard deviation s lies within t s / sqrt(n),
    where t is the 97.5 % quantile of Student's distribution with n - 1 degrees of freedom (Student 1908).
    """
    differences = [b[seed] - a[seed] for seed in a if seed in b]
    n, mean = len(differences), statistics.fmean(differences) if differences else math.nan
    if n < ENOUGH_SEEDS:
        return Difference(n, mean, None)
    quantile = float(scipy.stats.t.ppf((1 + CONFIDENCE) / 2, n - 1))
    reach = quantile * statistics.stdev(differences) / math.sqrt(n)
    return Difference(n, mean, (mean - reach, mean + reach))


def _headlines(section: Mapping[str, Any]) -> dict[str, float]:
    return {
        name: value
        for name, value in section.items()
        if isinstance(value, int | float) and (name in SCORES or name == "objective" or "nats" in name)
    }


def _describe(values: Values) -> dict[str, Any]:
    return {
        "mean": statistics.fmean(values.values()),
        "standard_deviation": statistics.stdev(values.values()) if len(values) > 1 else None,
        "n": len(values),
        "values": dict(values),
    }
