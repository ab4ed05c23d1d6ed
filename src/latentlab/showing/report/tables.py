"""Rows for a page: params beside the preset's, a chapter's numbers, and all that was measured."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any, NamedTuple

from latentlab.core.origin import Origin
from latentlab.scoring import headlines
from latentlab.showing.report import chapters
from latentlab.showing.report.wording import number


class Param(NamedTuple):
    """A key of params.yaml: its value, and the preset's where that is another, as YAML writes them.

    The preset's is empty where it has no such key.
    """

    key: str
    value: str
    usual: str | None


def params(values: Mapping[str, Any], origin: Origin) -> list[Param]:
    """Every key in the order of params.yaml."""
    usual = dict.fromkeys(origin.changes, "") | {key: _as_yaml(value) for key, value in origin.usual.items()}
    return [Param(key, _as_yaml(value), usual.get(key)) for key, value in leaves(values)]


def facts(chapter: chapters.Chapter, metrics: Mapping[str, Any]) -> list[tuple[chapters.Fact, str]]:
    """The chapter's numbers, those that were measured."""
    measured = dict(leaves(metrics))
    return [(fact, number(measured[fact.path])) for fact in chapter.facts if fact.path in measured]


def all_numbers(metrics: Mapping[str, Any]) -> list[tuple[str, str, bool]]:
    """Everything in the metrics by its dotted key, and whether it is withheld."""
    withheld = headlines.withheld(metrics)
    return [(key, number(value), _is_of(key, withheld)) for key, value in leaves(metrics)]


def leaves(section: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, Any]]:
    """Every value of nested sections by its dotted key, in order; records in a list by their numbers."""
    for key, value in section.items():
        if isinstance(value, list) and value and isinstance(value[0], Mapping):
            value = {str(index): record for index, record in enumerate(value)}
        if isinstance(value, Mapping):
            yield from leaves(value, f"{path}{key}.")
        else:
            yield f"{path}{key}", value


def _is_of(key: str, scores: Collection[str]) -> bool:
    """Whether a dotted key leads to one of some scores, or to its interval."""
    *sections, name = key.split(".")
    return name in scores and not {headlines.APART, "features"} & set(sections)


def _as_yaml(value: Any) -> str:
    """As a user types it: no digit rounded, no sign changed."""
    if isinstance(value, list | tuple):
        return f"[{', '.join(_as_yaml(item) for item in value)}]"
    return number(value) if value is None or isinstance(value, bool) else str(value)
