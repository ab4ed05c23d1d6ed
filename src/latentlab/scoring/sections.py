"""Sections of metrics.json: where each score belongs, and how the files of several scorings become one."""

from collections.abc import Iterable, Mapping
from typing import Any

Sections = Mapping[str, Any]


def place(scores: Mapping[str, Sections], sections: dict[str, Any]) -> None:
    """Add scores to sections where their names say: keys with dots between them."""
    for name, values in scores.items():
        section = sections
        for key in name.split("."):
            section = section.setdefault(key, {})
        section.update(values)


def merge(parts: Iterable[Sections], first: Iterable[str]) -> dict[str, Any]:
    """One metrics.json of several parts, which have no number in common.

    Args:
        parts: in the order in which their sections come.
        first: sections that come before all others, in this order, as far as they are there.
    """
    merged: dict[str, Any] = {}
    for part in parts:
        _add(merged, part)
    order = [key for key in first if key in merged]
    return {key: merged[key] for key in (*order, *(key for key in merged if key not in order))}


def _add(merged: dict[str, Any], part: Sections) -> None:
    for key, value in part.items():
        if isinstance(value, Mapping):
            _add(merged.setdefault(key, {}), value)
        else:
            merged[key] = value
