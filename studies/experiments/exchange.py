"""Where experiments start and come back to: Git's and DVC's remotes, or on one machine this repository."""

import configparser
import os
import subprocess
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from latentlab.core import digests, provenance
from latentlab.core.errors import TrainingError

REMOTE = "origin"
# Of the caller's, what a stage heeds: where rows go, and a number of threads that Ray sets otherwise.
PASSED_ON = ("MLFLOW_TRACKING_URI", "OMP_NUM_THREADS")


@dataclass(frozen=True)
class Exchange:
    """What a machine must know to fetch a commit, run it and hand the result over.

    Attributes:
        origin: what Git clones and pushes to, an address or a folder.
        home: the folder on each machine that outlives an experiment: checkpoints, clones, and MLflow's store
            where there is no server. ``~`` is each machine's own.
        cache: the folder of DVC's cache.
        has_remote: whether files go through DVC's remote; else all share the cache.
        environment: variables of the caller's that count for the stages as well.
    """

    origin: str
    home: str
    cache: str
    has_remote: bool
    environment: dict[str, str]

    def finished(self, revision: str) -> dict[str, str]:
        """The experiments that started from a commit and came to their end: their own commits by name.

        Raises:
            TrainingError: Git cannot tell.
        """
        listed = output_of("git", "ls-remote", self.origin, f"{refs(revision)}/*")
        pairs = (line.split("\t") for line in listed.splitlines())
        return {ref.removeprefix(f"{refs(revision)}/"): commit for commit, ref in pairs}

    def bring(self, revision: str, names: Collection[str]) -> None:
        """Have these experiments and their files here as well."""
        if not self.has_remote:
            return
        here = output_of("git", "for-each-ref", "--format=%(refname)", refs(revision)).split()
        if absent := sorted(name for name in names if f"{refs(revision)}/{name}" not in here):
            output_of("dvc", "exp", "pull", self.origin, *absent)

    def remove(self, revision: str, names: Collection[str]) -> None:
        """Forget experiments, there and here; files stay in DVC's cache."""
        if done := sorted(set(names) & set(self.finished(revision))):
            output_of("git", "push", "--quiet", self.origin, *(f":{refs(revision)}/{name}" for name in done))
        here = output_of("git", "for-each-ref", "--format=%(refname)", refs(revision)).split()
        for name in names:
            if f"{refs(revision)}/{name}" in here:
                output_of("git", "update-ref", "-d", f"{refs(revision)}/{name}")


def here() -> Exchange:
    """Of experiments on this machine: the repository itself, its cache and all that it keeps beside."""
    root = provenance.dvc_root().resolve()
    cache = output_of("dvc", "cache", "dir").strip()
    return Exchange(str(root), str(root), cache, has_remote=False, environment=_passed_on())


def between_machines(revision: str) -> Exchange:
    """Of experiments on other machines: this repository's remotes, which all of them must reach.

    Raises:
        TrainingError: there are none, or they lack the commit.
    """
    remotes = output_of("git", "remote").split()
    if REMOTE not in remotes:
        raise TrainingError(
            f"expected a remote of Git's named {REMOTE}, which every machine can reach, got "
            f"{', '.join(remotes) or 'none'}. Run `git remote add {REMOTE} ADDRESS` and `git push`."
        )
    output_of("git", "fetch", "--quiet", REMOTE)
    if not output_of("git", "branch", "--remotes", "--list", f"{REMOTE}/*", "--contains", revision).strip():
        raise TrainingError(f"expected the commit {revision[:8]} on {REMOTE}. Run `git push` first.")
    _require_dvc_remote()
    origin = output_of("git", "remote", "get-url", REMOTE).strip()
    home = f"~/.latentlab/{digests.of_json(origin)[:8]}"
    return Exchange(origin, home, f"{home}/.dvc/cache", has_remote=True, environment=_passed_on())


def output_of(*command: str) -> str:
    """Run a command of Git's or DVC's to its good end; what it printed.

    Raises:
        TrainingError: it failed.
    """
    # Without what an outer DVC tells its stages.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("DVC_")}
    done = subprocess.run(command, capture_output=True, encoding="utf-8", env=environment)
    if done.returncode:
        said = (done.stderr or done.stdout).strip()
        raise TrainingError(f"`{' '.join(command)}` failed. Mend it and run the same again:\n{said}")
    return done.stdout


def refs(revision: str) -> str:
    """Under which of Git's references DVC keeps the experiments of a commit."""
    return f"refs/exps/{revision[:2]}/{revision[2:]}"


def _require_dvc_remote() -> None:
    # As committed, since that is all that a clone on another machine has.
    config = configparser.ConfigParser()
    config.read_string(output_of("git", "show", f"HEAD:{Path('.dvc', 'config').as_posix()}"))
    if not config.has_option("core", "remote"):
        raise TrainingError(
            "expected a default remote of DVC's, committed, that every machine can reach, got none. Run "
            "`dvc remote add --default team ADDRESS`, and commit and push .dvc/config."
        )


def _passed_on() -> dict[str, str]:
    return {name: os.environ[name] for name in PASSED_ON if name in os.environ}
