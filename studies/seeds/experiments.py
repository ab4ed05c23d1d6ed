"""One DVC experiment for each seed, in a copy of the repository, so that the workspace stays as it is.

Experiments are DVC's own record of what has been run: one that is there is not run again, and what a killed
one had finished comes from its run cache and its checkpoints.
"""

import json
import os
import subprocess
import time
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


def finished() -> set[str]:
    """The names of all experiments that were run to their end.

    Raises:
        TrainingError: DVC cannot tell.
    """
    command = ["dvc", "exp", "list", "--all-commits", "--name-only"]
    listed = subprocess.run(command, stdout=subprocess.PIPE, encoding="utf-8", env=environment())
    if listed.returncode:
        raise TrainingError("DVC cannot list its experiments, see above. Mend it and run the same again.")
    return set(listed.stdout.split())


def run(group: Group, seed: int) -> float:
    """Run the pipeline with a seed; the seconds that it took.

    Raises:
        TrainingError: a stage failed.
    """
    start = time.monotonic()
    changes = [f"--set-param={change}" for change in (f"seed={seed}", *group.settings)]
    command = ["dvc", "exp", "run", "--temp", f"--name={group.name(seed)}", *changes]
    with subprocess.Popen(command, env=environment()) as process:
        try:
            process.wait()
        except KeyboardInterrupt:
            process.wait()  # The terminal interrupts DVC too, which puts everything in order first.
            raise
    if process.returncode:
        raise TrainingError(
            f"seed {seed} failed, see above. What was finished is kept: mend it and run the same again."
        )
    return time.monotonic() - start


def read(group: Group, seed: int, path: os.PathLike[str]) -> str:
    """A file of a seed's experiment.

    Raises:
        ArtifactError: DVC's cache has it no more.
    """
    import dvc.api  # A second, for what only this needs.
    from dvc.exceptions import DvcException

    name = group.name(seed)
    try:
        return str(dvc.api.read(os.fspath(path), repo=".", rev=name))
    except (DvcException, OSError) as error:
        raise ArtifactError(
            f"{os.fspath(path)} of the experiment {name} is not in DVC's cache: {error}. Run "
            f"`dvc exp remove {name}` and the same again."
        ) from error


def load_metrics(group: Group, seed: int) -> Any:
    """All of a seed's metrics.json."""
    return json.loads(read(group, seed, artifacts.METRICS))


def environment() -> dict[str, str]:
    """That of this process without what an outer DVC tells its stages."""
    return {name: value for name, value in os.environ.items() if not name.startswith("DVC_")}
