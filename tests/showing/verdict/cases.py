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
        "intervals": {"kernel_distance": [0.04, 0.06], "coverage": [0.7, 0.9]},
        "classes_covered": 3,
        "missing_classes": [],
        "within_class_diversity": 0.9,
        "sharpness": 0.9,
        "memorisation": -0.5,
    } | changes


REFERENCES = {
    "real": scores(kernel_distance=0.0, within_class_diversity=1.0, sharpness=1.0, memorisation=0.0),
    "blurred": scores(kernel_distance=0.2, within_class_diversity=0.4, sharpness=0.2),
    "copied": scores(memorisation=-12.0),
    "untrained": scores(kernel_distance=3.0),
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
    **changes: Any,
) -> Case:
    """A model with scores of its own beside those of its samples, of which some are changed."""
    return Case(
        title="Model",
        remedies=remedies,
        scores=scores(**{**(own or {}), **changes}),
        references=REFERENCES,
        protocol=protocol(warning),
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
