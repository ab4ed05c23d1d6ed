"""Changes of params.yaml that all seeds of a group share."""

from collections.abc import Sequence
from copy import deepcopy
from typing import Any

from ruamel.yaml import YAML

from latentlab.core.errors import ParamsError


def apply(values: dict[str, Any], settings: Sequence[str]) -> dict[str, Any]:
    """The values of params.yaml after all changes.

    Args:
        values: by section.
        settings: changes, as ``section.key=value`` with the value in YAML.

    Raises:
        ParamsError: a change has another form, names no key of params.yaml, or changes ``seed`` itself.
    """
    changed = deepcopy(values)
    for change in settings:
        key, sign, value = change.partition("=")
        *sections, last = key.split(".")
        place: Any = changed
        for section in sections:
            place = place.get(section) if isinstance(place, dict) else None
        if not sign or not isinstance(place, dict) or last not in place:
            raise ParamsError(f"SET: expected section.key=value with a key of params.yaml, got {change!r}.")
        if key == "seed":
            raise ParamsError("SET: the seed is what varies; params.yaml has the first one.")
        place[last] = YAML(typ="safe", pure=True).load(value)
    return changed
