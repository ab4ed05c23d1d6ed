"""Changes of params.yaml that all seeds of a group share."""

from collections.abc import Sequence
from copy import deepcopy
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from latentlab.core import settings
from latentlab.core.errors import ParamsError
from latentlab.families import params


def apply(values: dict[str, Any], changes: Sequence[str]) -> dict[str, Any]:
    """The values of params.yaml after all changes.

    Args:
        values: by section.
        changes: each as ``section.key=value`` with the value in YAML.

    Raises:
        ParamsError: a change has another form, names no key of params.yaml, has no value in YAML, or changes
            ``seed`` itself.
    """
    changed = deepcopy(values)
    for change in changes:
        key, sign, value = change.partition("=")
        *sections, last = key.split(".")
        place: Any = changed
        for section in sections:
            place = place.get(section) if isinstance(place, dict) else None
        if not sign or not isinstance(place, dict) or last not in place:
            raise ParamsError(f"SET: expected section.key=value with a key of params.yaml, got {change!r}.")
        if key == "seed":
            raise ParamsError("SET: the seed is what varies; params.yaml has the first one.")
        place[last] = _read(change, value)
    return changed


def require_possible(values: dict[str, Any]) -> None:
    """See that all of params.yaml, as changed, is possible.

    Raises:
        ParamsError: it is not; all that is wrong with single keys is named at once.
    """
    params.require_fit(settings.check(params.schema(), values, Path("SET")))


def _read(change: str, value: str) -> Any:
    try:
        return YAML(typ="safe", pure=True).load(value)
    except YAMLError as error:
        raise ParamsError(f"SET: expected section.key=value with a value in YAML, got {change!r}.") from error
