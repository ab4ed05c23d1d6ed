"""The file of results that pages are filled from: a part for each data set that was measured."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from latentlab.core import artifacts, provenance
from latentlab.core.errors import ParamsError


def name_of(typed: Sequence[str]) -> str:
    """The data set's name, as typed.

    Raises:
        ParamsError: there is none.
    """
    if len(typed) != 1 or not typed[0].strip():
        raise ParamsError(f"NAME: expected what to call the data set, such as Emoji, got {list(typed)}.")
    return typed[0]


def keep(path: Path, name: str, found: Any) -> None:
    """Write what was found of a data set, and with which commit, beside what is known of others."""
    known = artifacts.load_json(path) if path.exists() else {"commits": {}, "sets": {}}
    commits = known["commits"] | {name: str(provenance.git_revision())[:7]}
    artifacts.save_json(path, {"commits": commits, "sets": known["sets"] | {name: found}})
