"""What one run of the pipeline came to, read from its outputs."""

import json
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from latentlab.core import artifacts, digests, provenance
from latentlab.core import origin as origins
from latentlab.core.family import Family
from latentlab.core.origin import Origin
from latentlab.tracking import descriptions, stage_runs


@dataclass(frozen=True)
class Result:
    """What one run of the pipeline came to.

    Attributes:
        params: all of params.yaml, by section.
        metrics: all of ``reports/metrics.json``.
        verdict: all of ``reports/verdict.json``.
        stages: the training stages behind it.
        families: of the models in it.
        origin: the preset that the params come from.
    """

    params: dict[str, Any]
    metrics: dict[str, Any]
    verdict: dict[str, Any]
    stages: list[stage_runs.Stage]
    families: tuple[Family, ...]
    origin: Origin

    @cached_property
    def key(self) -> str:
        """What makes this result this one: its params and what they led to."""
        return digests.of_json([self.params, self.metrics])

    @cached_property
    def experiment(self) -> str | None:
        """The DVC experiment that it is the result of: the one that runs, or that was applied."""
        return provenance.dvc_experiment() or provenance.applied_experiment()

    @property
    def name(self) -> str:
        """The row's name: what was changed, then the DVC experiment's name or the short revision."""
        revision = provenance.git_revision() or "no-revision"
        return f"{self.origin.title} · {self.experiment or revision[:7]}"

    @cached_property
    def summary(self) -> str:
        """The row's description, but for what only MLflow knows."""
        return descriptions.summary(self.metrics, self.verdict, self.origin)


def load(values: dict[str, Any], families: tuple[Family, ...]) -> Result:
    """The result that lies in the working directory.

    Args:
        values: all of params.yaml, by section.
        families: of the models in it.

    Raises:
        ArtifactError: an output of an earlier stage is missing.
    """
    stages = [stage_runs.describe(name) for name in provenance.training_stages()]
    metrics, verdict = artifacts.load_json(artifacts.METRICS), artifacts.load_json(artifacts.VERDICT)
    return Result(values, metrics, verdict, stages, families, origins.load())


def committed_metrics() -> dict[str, Any] | None:
    """What the last commit's ``reports/metrics.json`` says, or None where it cannot be had."""
    text = provenance.committed(artifacts.METRICS)
    return json.loads(text) if text else None
