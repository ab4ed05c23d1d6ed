"""What a rule looks at, and what it says."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

Kind = Literal["note", "problem"]
# Stands for the score that the protocol says to read first.
HEADLINE = "headline"


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
        yardstick: the features that they were made in: whether these can be ``trusted`` and if not
            ``because`` of what, the scores that are ``withheld``, and those of degraded real images, as
            ``ladders`` by name and step.
        history: the metrics of each epoch of its training.
        samplers: the scores of its samples under other ways to draw latents, by way.
    """

    title: str
    remedies: Remedies
    scores: Mapping[str, Any]
    references: Mapping[str, Any]
    protocol: Mapping[str, Any]
    yardstick: Mapping[str, Any]
    history: list[Mapping[str, float]]
    samplers: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @property
    def headline(self) -> str:
        """The name of the score to read first."""
        return str(self.protocol["headline"])

    def gives(self, score: str) -> bool:
        """Whether there is such a score, and it can be believed."""
        name = self.headline if score == HEADLINE else score
        return name in self.scores and name not in self.yardstick["withheld"]

    def rung(self, ladder: str, step: int) -> Mapping[str, Any]:
        """The scores of real images degraded in one way, from step 1, slight, to step 3, strong."""
        found: Mapping[str, Any] = self.yardstick["ladders"][ladder][step - 1]
        return found

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


@dataclass(frozen=True)
class Rule:
    """Looks for one trouble.

    Attributes:
        look: what it finds in a case.
        rests_on: the scores without which it says nothing.
    """

    look: Callable[[Case], Finding | None]
    rests_on: tuple[str, ...]

    def __call__(self, case: Case) -> Finding | None:
        """What it finds; None also where a score that it rests on cannot be believed."""
        return None if self.missing(case) else self.look(case)

    def missing(self, case: Case) -> Sequence[str]:
        """The scores that it rests on and that are not given, or cannot be believed."""
        return [score for score in self.rests_on if not case.gives(score)]


def rests_on(*scores: str) -> Callable[[Callable[[Case], Finding | None]], Rule]:
    """Make a function a rule that rests on some scores, ``HEADLINE`` among them or not."""
    return lambda look: Rule(look, scores)
