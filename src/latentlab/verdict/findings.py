"""What a rule looks at, and what it says."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

Kind = Literal["note", "problem"]


@dataclass(frozen=True)
class Case:
    """One trained model before its judge.

    Attributes:
        model: ``vae`` or ``gan``.
        scores: its section of ``reports/metrics.json``.
        references: the scores of images that are good or broken by construction, by name.
        protocol: how the scores were made.
        history: the metrics of each epoch of its training.
    """

    model: str
    scores: Mapping[str, Any]
    references: Mapping[str, Any]
    protocol: Mapping[str, Any]
    history: list[Mapping[str, float]]

    @property
    def headline(self) -> str:
        """The name of the score to read first."""
        return str(self.protocol["headline"])


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
