"""Which preset params come from, and what was changed in it."""

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from ruamel.yaml import YAML, YAMLError

from latentlab.core import artifacts, digests, presets, settings
from latentlab.core.errors import ParamsError

# A title names no more changes than these.
MOST_TITLED = 2


class Origin(NamedTuple):
    """Where params come from.

    Attributes:
        preset: the name of the nearest preset.
        changes: the values that differ from it, by dotted key.
        usual: the preset's own values of these keys, but for keys that it lacks.
    """

    preset: str
    changes: dict[str, Any]
    usual: dict[str, Any]

    @property
    def title(self) -> str:
        """The preset and what was changed in it, short: ``tiny data.limit=100``."""
        shown = [f"{key}={value}" for key, value in list(self.changes.items())[:MOST_TITLED]]
        more = len(self.changes) - len(shown)
        return " ".join([self.preset, *shown, *([f"and {more} more"] if more else [])])


def of(values: Mapping[str, Any], base: Mapping[str, Any], folder: Path = presets.FOLDER) -> Origin:
    """The preset that differs in the fewest keys; of equally near ones that which says most, then the first.

    A committed params.yaml may be a preset itself, from which the default differs as little.

    Args:
        values: all of params.yaml, nested.
        base: all of params.yaml as committed, nested.
        folder: has the presets.
    """
    flat, usual = settings.flatten(values), settings.flatten(base)
    overlays = _overlays(folder)
    origins = [_compare(name, flat, usual | overlay) for name, overlay in overlays.items()]
    return min(origins, key=lambda origin: (len(origin.changes), -len(overlays[origin.preset])))


def note(values: Mapping[str, Any]) -> None:
    """Write where params come from to ``data/preset.json``, unless it tells of these very ones already.

    A commit makes them the default, and what was changed before would no longer be known.

    Args:
        values: all of params.yaml, nested.
    """
    key = digests.of_json([values, str(_overlays(presets.FOLDER))])
    noted = artifacts.load_json(artifacts.PRESET) if artifacts.PRESET.exists() else {}
    if noted.get("key") != key:
        noted = of(values, committed() or values)._asdict() | {"key": key}
    artifacts.save_json(artifacts.PRESET, noted)


def load() -> Origin:
    """What was noted.

    Raises:
        ArtifactError: it is missing or damaged.
    """
    noted = artifacts.load_json(artifacts.PRESET)
    return Origin(*(noted[name] for name in Origin._fields))


def committed() -> Mapping[str, Any] | None:
    """All of params.yaml as committed; None where there is none that can be read."""
    with suppress(YAMLError):
        content = YAML(typ="safe", pure=True).load(presets.committed() or "")
        return content if isinstance(content, Mapping) else None
    return None


def _compare(name: str, flat: Mapping[str, Any], preset: Mapping[str, Any]) -> Origin:
    changes = {key: value for key, value in flat.items() if key not in preset or value != preset[key]}
    return Origin(name, changes, {key: preset[key] for key in changes if key in preset})


def _overlays(folder: Path) -> dict[str, dict[str, Any]]:
    found = {}
    for name in presets.names(folder):
        # One that a user has not finished is no reason to stop.
        with suppress(ParamsError):
            found[name] = presets.overlay(name, folder)
    return found
