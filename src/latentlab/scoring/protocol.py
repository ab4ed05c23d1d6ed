"""What scores of two results must have in common to be compared, and which one to look at first."""

from collections.abc import Mapping
from typing import Any

from latentlab.core import digests

# Below this many test images the Frechet distance is mostly bias: with 64 features, 500 against 500 images of
# one Gaussian are a fourteenth of its total variance apart.
ENOUGH_FOR_FRECHET = 2000
# Below this many, no score can tell good models from better ones.
ENOUGH_TO_TELL = 100
# Images in each of the two sets behind published values of the classic distance, on which it depends.
NUM_CLASSIC = 10_000
# What must be the same, as ``conditions`` gives it, and why: in one result it may be missing.
SAME = {
    ("features", "sha256"): "the features come from different classifiers",
    ("protocol", "test_split_sha256"): "the scores are taken against different test images",
    ("protocol", "inception_sha256"): "the Inception distances come from different weights",
    ("protocol", "num_test"): "the models are scored by different numbers of samples, on which a Frechet "
    "distance depends",
}


def comparable(a: Mapping[str, Any], b: Mapping[str, Any]) -> list[str]:
    """Why the scores that two metrics.json both have may not be compared or subtracted; empty if they may.

    Args:
        a: the content of one, or its conditions, of whichever models.
        b: those of the other.
    """
    if not all("protocol" in content for content in (a, b)):
        return ["one of them does not say how it was made (it has no protocol)"]
    first, second = conditions(a), conditions(b)
    return [
        reason
        for (part, key), reason in SAME.items()
        # A result without Inception distances has nothing of them to compare.
        if None not in (known := {first[part][key], second[part][key]}) and len(known) > 1
    ]


def conditions(metrics: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """What :func:`comparable` looks at in a metrics.json, and nothing else; None for what it does not say.

    Args:
        metrics: the content of one, or its conditions, also as they were written when each model had its
            number of samples.
    """
    found: dict[str, dict[str, Any]] = {part: {} for part, _ in SAME}
    for part, key in SAME:
        found[part][key] = metrics.get(part, {}).get(key)
    if found["protocol"]["num_test"] is None:
        found["protocol"]["num_test"] = _num_samples(metrics)
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


def _num_samples(metrics: Mapping[str, Any]) -> int | None:
    """The images that every model is scored by, which are as many as those they are compared with."""
    sections = (section for section in metrics.values() if isinstance(section, Mapping))
    return next((section["num_samples"] for section in sections if "num_samples" in section), None)


def describe(
    num_test: int, real_frechet: float | None, test_split_sha256: str, inception_sha256: str | None = None
) -> dict[str, Any]:
    """The part of metrics.json that says how to read the rest.

    Args:
        num_test: test images that all sets are compared with.
        real_frechet: the Frechet distance of unseen real images from them; None where there is none.
        test_split_sha256: of those test images and their labels.
        inception_sha256: of the weights behind the Inception distances, None if there are none.
    """
    readable = real_frechet is not None and num_test >= ENOUGH_FOR_FRECHET
    return {
        "headline": "frechet_distance" if readable else "kernel_distance",
        "num_test": num_test,
        "frechet_warning": None if readable else _warn_of_frechet(num_test, real_frechet),
        "test_split_sha256": test_split_sha256,
        "inception_sha256": inception_sha256,
        "inception_warning": _warn_of_inception(num_test) if inception_sha256 else None,
    }


def _warn_of_frechet(num_test: int, real_frechet: float | None) -> str | None:
    """Why the Frechet distance, if there is one, is not the score to read, and what to read."""
    warnings = []
    if real_frechet is not None:
        warnings.append(
            f"With {num_test} test images a Frechet distance is biased upwards: real images themselves are "
            f"at {real_frechet:.3g}. Read kernel_distance, which has no such bias."
        )
    if num_test < ENOUGH_TO_TELL:
        warnings.append("With so few all scores are uncertain: read their intervals, and bring more images.")
    return " ".join(warnings) or None


def _warn_of_inception(num_test: int) -> str | None:
    """Why Inception distances stand alone, if they do."""
    if num_test >= NUM_CLASSIC:
        return None
    return (
        f"Inception distances of {num_test} samples from {num_test} test images cannot be compared with "
        f"published values, which take {NUM_CLASSIC} of each: set evaluate.num_samples to {NUM_CLASSIC}."
    )
