"""The experiments of one commit and one setting, a seed each: their names, and what they found."""

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from latentlab.core import artifacts, digests, provenance
from latentlab.core.errors import ArtifactError, TrainingError


@dataclass(frozen=True)
class Group:
    """The experiments of one commit and one setting.

    Attributes:
        revision: the commit.
        settings: changes of params.yaml, as ``section.key=value``.
    """

    revision: str
    settings: tuple[str, ...]

    def name(self, seed: int) -> str:
        """The experiment of a seed."""
        return f"seeds-{digests.of_json([self.revision, *sorted(self.settings)])[:8]}-{seed}"

    def changes(self, seed: int) -> tuple[str, ...]:
        """Of params.yaml, for a seed."""
        return (*self.settings, f"seed={seed}")


def open_group(settings: Sequence[str]) -> Group:
    """The group of the commit that is checked out.

    Raises:
        TrainingError: there is no commit, or what decides results differs from it.
    """
    revision = provenance.git_revision()
    if revision is None:
        raise TrainingError("expected a Git repository with a commit, which DVC's experiments start from.")
    if provenance.git_dirty():
        raise TrainingError(
            f"expected {', '.join(provenance.SOURCES)} as committed, so that all seeds run the same. Commit "
            "the changes or take them back; a change of params.yaml can be given as "
            'SET="section.key=value" instead.'
        )
    return Group(revision, tuple(settings))


def load_metrics(group: Group, seed: int) -> Any:
    """All of a seed's metrics.json.

    Raises:
        ArtifactError: DVC's cache has it no more.
    """
    import dvc.api  # A second, for what only this needs.
    from dvc.exceptions import DvcException

    name = group.name(seed)
    try:
        return json.loads(dvc.api.read(os.fspath(artifacts.METRICS), repo=".", rev=name))
    except (DvcException, OSError) as error:
        raise ArtifactError(
            f"{os.fspath(artifacts.METRICS)} of the experiment {name} is not in DVC's cache: {error}. Run "
            f"`dvc exp remove {name}` and the same again."
        ) from error
