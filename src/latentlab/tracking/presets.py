"""Which preset a set of params comes from, and what was changed in it."""

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from latentlab.core.errors import ParamsError
from latentlab.families import params

FOLDER = Path("presets")
# A title names no more changes than these.
MOST_TITLED = 2


class Origin(NamedTuple):
    """Where params come from.

    Attributes:
        preset: the name of the nearest preset; ``custom`` where there is none.
        changes: the values that differ from it, by dotted key.
    """

    preset: str
    changes: dict[str, Any]

    @property
    def title(self) -> str:
        """The preset and what was changed in it, short: ``tiny vae.kl_weight=0.01``."""
        shown = [f"{key}={value}" for key, value in list(self.changes.items())[:MOST_TITLED]]
        more = len(self.changes) - len(shown)
        return " ".join([self.preset, *shown, *([f"and {more} more"] if more else [])])


def origin(values: Mapping[str, Any]) -> Origin:
    """The preset that differs in the fewest keys; of equally near ones the first by name.

    Args:
        values: all of params.yaml, nested.
    """
    flat = params.flatten(values)
    origins = [
        Origin(name, {key: value for key, value in flat.items() if value != preset.get(key)})
        for name, preset in _presets().items()
    ]
    return min(origins, key=lambda origin: len(origin.changes), default=Origin("custom", {}))


def _presets() -> dict[str, dict[str, Any]]:
    found = {}
    for path in sorted(FOLDER.glob("*.yaml")):
        # One that a user has not finished is no reason to stop.
        with suppress(ParamsError):
            found[path.stem] = params.flatten(params.load(path).model_dump(mode="json"))
    return found
