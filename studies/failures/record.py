"""The file of results that pages are filled from: a part for each data set that was measured."""

from pathlib import Path
from typing import Any

from latentlab.core import artifacts, provenance


def keep(path: Path, name: str, found: Any) -> None:
    """Write what was found of a data set, and with which commit, beside what is known of others."""
    known = artifacts.load_json(path) if path.exists() else {"commits": {}, "sets": {}}
    commits = known["commits"] | {name: str(provenance.git_revision())[:7]}
    artifacts.save_json(path, {"commits": commits, "sets": known["sets"] | {name: found}})
