"""What a family brings to its scoring."""

from typing import Any, NamedTuple

from latentlab.scoring.contenders import Contender


class Entry(NamedTuple):
    """A family that is scored.

    Attributes:
        scores: what is known of it beside the scores of its images, by section of metrics.json.
        contenders: its ways to make images.
    """

    scores: dict[str, Any]
    contenders: list[Contender]
