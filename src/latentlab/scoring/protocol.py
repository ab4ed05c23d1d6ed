"""What scores of two results must have in common to be compared, and which one to look at first."""

from collections.abc import Mapping
from typing import Any

from latentlab.core import digests

# Below this many test images the Frechet distance is mostly bias: with 64 features, 500 against 500 images of
# one Gaussian are a fourteenth of its total variance apart.
ENOUGH_FOR_FRECHET = 2000
# Images in each of the two sets behind published values of the classic distance, on which it depends.
NUM_CLASSIC = 10_000
# Where what must be the same stands in metrics.json.
SAME = {
    ("features", "sha256"): "the features come from different classifiers",
    ("protocol", "test_split_sha256"): "the scores are taken against different test images",
}
# What must be the same where both have it.
INCEPTION = "inception_sha256"
MODELS = ("vae", "gan")


def comparable(a: Mapping[str, Any], b: Mapping[str, Any]) -> list[str]:
    """Why the scores of two metrics.json may not be compared or subtracted; empty if they may.

    Args:
        a: the content of one.
        b: the content of the other.
    """
    if not all("protocol" in content for content in (a, b)):
        return ["one of them does not say how it was made (it has no protocol)"]
    reasons = [reason for (part, key), reason in SAME.items() if a[part][key] != b[part][key]]
    # A result without Inception distances has nothing of them to compare.
    if len({content["protocol"].get(INCEPTION) for content in (a, b)} - {None}) > 1:
        reasons.append("the Inception distances come from different weights")
    return reasons + [
        f"the {model} is scored by different numbers of samples, on which a Frechet distance depends"
        for model in MODELS
        if a[model]["num_samples"] != b[model]["num_samples"]
    ]


def conditions(metrics: Mapping[str, Any]) -> dict[str, Any]:
    """What :func:`comparable` looks at in a metrics.json, and nothing else.

    Args:
        metrics: the content of one that has a protocol.
    """
    found: dict[str, Any] = {model: {"num_samples": metrics[model]["num_samples"]} for model in MODELS}
    for part, key in SAME:
        found.setdefault(part, {})[key] = metrics[part][key]
    found["protocol"][INCEPTION] = metrics["protocol"].get(INCEPTION)
    return found


def yardstick(metrics: Mapping[str, Any]) -> str | None:
    """A short name of what :func:`comparable` looks at: where it is the same, scores may be subtracted.

    Args:
        metrics: the content of a metrics.json.

    Returns:
        12 hexadecimal digits; None where it does not say how it was made.
    """
    if "protocol" not in metrics:
        return None
    return digests.of_json(conditions(metrics))[:12]


def describe(
    num_test: int, real_frechet: float, test_split_sha256: str, inception_sha256: str | None = None
) -> dict[str, Any]:
    """The part of metrics.json that says how to read the rest.

    Args:
        num_test: test images that all sets are compared with.
        real_frechet: the Frechet distance of unseen real images from them.
        test_split_sha256: of those test images and their labels.
        inception_sha256: of the weights behind the Inception distances, None if there are none.
    """
    small = num_test < ENOUGH_FOR_FRECHET
    warning = (
        f"With {num_test} test images a Frechet distance is biased upwards: real images themselves are at "
        f"{real_frechet:.3g}. Read kernel_distance, which has no such bias."
    )
    return {
        "headline": "kernel_distance" if small else "frechet_distance",
        "num_test": num_test,
        "frechet_warning": warning if small else None,
        "test_split_sha256": test_split_sha256,
        INCEPTION: inception_sha256,
        "inception_warning": _warn_of_inception(num_test) if inception_sha256 else None,
    }


def _warn_of_inception(num_test: int) -> str | None:
    """Why Inception distances stand alone, if they do."""
    if num_test >= NUM_CLASSIC:
        return None
    return (
        f"Inception distances of {num_test} samples from {num_test} test images cannot be compared with "
        f"published values, which take {NUM_CLASSIC} of each: set evaluate.num_samples to {NUM_CLASSIC}."
    )
