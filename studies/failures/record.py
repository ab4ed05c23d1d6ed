"""The file of results that pages are filled from: a part for each data set that was measured."""

from pathlib import Path
from typing import Any

from latentlab.core import artifacts, provenance


def keep(path: Path, name: str, found: Any) -> None:
    """Write what was found of a data set beside what is known of others, and the commit."""
    sets = artifacts.load_json(path)["sets"] if path.exists() else {}
    commit = str(provenance.git_revision())[:7]
    artifacts.save_json(path, {"commit": commit, "sets": sets | {name: found}})
