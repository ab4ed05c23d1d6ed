"""What a rule looks at, and what it says."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

Kind = Literal["note", "problem"]


class Remedies(NamedTuple):
    """Keys of params.yaml that a model's maker would change first.

    Attributes:
        variety: for more classes, and more different images of each.
        sharpness: for sharper images.
        copies: for fewer copies of training images.
    """

    variety: str
    sharpness: str
    copies: str


@dataclass(frozen=True)
class Case:
    """One trained model before its judge.

    Attributes:
        title: what people call it.
        remedies: what helps it.
        scores: what its section of metrics.json holds.
        references: the scores of images that are good or broken by construction, by name.
        protocol: how the scores were made.
        history: the metrics of each epoch of its training.
        samplers: the scores of its samples under other ways to draw latents, by way.
    """

    title: str
    remedies: Remedies
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
