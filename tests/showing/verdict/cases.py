"""A model whose samples are well, and what they are read against, for the tests of all rules."""

from collections.abc import Mapping
from typing import Any

from latentlab.showing.verdict.findings import Case, Remedies, Rule

REMEDIES = Remedies(variety="own.variety", sharpness="own.sharpness", copies="own.copies")


def scores(**changes: Any) -> dict[str, Any]:
    """Scores of samples that are well, but for some."""
    return {
        "kernel_distance": 0.05,
        "frechet_distance": 4.0,
        "coverage": 0.8,
        "near_copies": 0.01,
        "intervals": {"kernel_distance": [0.04, 0.06], "coverage": [0.7, 0.9], "near_copies": [0.0, 0.02]},
        "classes_covered": 3,
        "missing_classes": [],
        "lost_classes": [],
        "reweighted_distance": 0.04,
        "within_class_diversity": 0.9,
        "sharpness": 0.9,
    } | changes


REFERENCES = {
    "real": scores(kernel_distance=0.0, within_class_diversity=1.0, sharpness=1.0),
    "blurred": scores(kernel_distance=0.2, within_class_diversity=0.4, sharpness=0.2),
    "copied": scores(near_copies=1.0),
    "untrained": scores(kernel_distance=3.0),
}


# Of near-copies, beyond the chance that real images leave.
SURE = {"intervals": scores()["intervals"] | {"near_copies": [0.03, 0.1]}}
# Of the network that the features come from, its ladders by hand.
LADDERS = {
    "blur": [scores(kernel_distance=distance) for distance in (0.1, 0.2, 0.4)],
    "white noise": [scores(kernel_distance=distance) for distance in (0.05, 0.5, 2.0)],
    "spectrum noise": [scores(kernel_distance=distance) for distance in (0.3, 0.6, 1.5)],
    "phases": [scores(kernel_distance=distance) for distance in (0.2, 0.5, 1.0)],
    "checkerboard": [scores(sharpness=sharpness) for sharpness in (1.1, 2.0, 4.0)],
    "copies": [scores(near_copies=share) for share in (0.11, 0.5, 1.0)],
}
# The content of reports/yardstick.json, as far as rules read it.
YARDSTICK: dict[str, Any] = {
    "network": "classifier",
    "trusted": True,
    "because": "Each ladder rises.",
    "withheld": {},
    "networks": {"classifier": {"ladders": LADDERS}},
}


def protocol(warning: str | None = None) -> dict[str, Any]:
    return {"headline": "kernel_distance", "frechet_warning": warning, "num_test": 1000}


def case(
    own: Mapping[str, Any] | None = None,
    *,
    remedies: Remedies = REMEDIES,
    records: Any = (),
    samplers: Mapping[str, Any] | None = None,
    warning: str | None = None,
    yardstick: Mapping[str, Any] | None = None,
    **changes: Any,
) -> Case:
    """A model with scores of its own beside those of its samples, of which some are changed."""
    return Case(
        title="Model",
        remedies=remedies,
        scores=scores(**{**(own or {}), **changes}),
        references=REFERENCES,
        protocol=protocol(warning),
        yardstick={**YARDSTICK, "ladders": LADDERS, **(yardstick or {})},
        history=list(records),
        samplers=samplers or {},
    )


def assert_found(rule: Rule, trouble: Case, kind: str, name: str, key: str) -> None:
    """A rule names a trouble, with its numbers and what to change first."""
    finding = rule(trouble)
    assert finding
    assert (finding.kind, finding.name, finding.key) == (kind, name, key)
    assert finding.sentence.endswith(".")
    assert finding.evidence
