"""What a rule looks at, and what it says."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

Kind = Literal["note", "problem"]


@dataclass(frozen=True)
class Case:
    """One trained model before its judge.

    Attributes:
        model: its section of ``reports/metrics.json``.
        section: of params.yaml, that its training reads.
        scores: what that section of metrics.json holds.
        references: the scores of images that are good or broken by construction, by name.
        protocol: how the scores were made.
        history: the metrics of each epoch of its training.
        samplers: the scores of its samples under other ways to draw latents, by way.
    """

    model: str
    section: str
    scores: Mapping[str, Any]
    references: Mapping[str, Any]
    protocol: Mapping[str, Any]
    history: list[Mapping[str, float]]
    samplers: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @property
    def headline(self) -> str:
        """The name of the score to read first."""
        return str(self.protocol["headline"])

    def way(self, score: str, broken: str) -> float:
        """How far a score has come from that of real images, 0, to that of a broken reference, 1."""
        own, real, worst = (
            scores[score] for scores in (self.scores, self.references["real"], self.references[broken])
        )
        return float((own - real) / (worst - real)) if worst != real else 0.0


class Finding(NamedTuple):
    """What a rule found.

    Attributes:
        kind: a ``problem`` makes the samples worth little; a ``note`` is good to know.
        name: what is the matter, in the field's own words.
        sentence: the same with its numbers.
        evidence: those numbers, by name.
        key: of params.yaml, to change first.
    """

    kind: Kind
    name: str
    sentence: str
    evidence: dict[str, Any]
    key: str


Rule = Callable[[Case], Finding | None]
