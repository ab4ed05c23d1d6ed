"""DVC's queue of experiments: what has become of each, and how one that was lost is found again.

DVC believes that a task runs until its worker says that it ended. A worker that was killed says nothing more,
so its task would run for ever: it is lost once no worker has it in hand and its own process is gone.
"""

import os
import subprocess
from collections.abc import Collection, Sequence
from pathlib import Path
from shutil import rmtree
from typing import Any, NamedTuple

from latentlab.core.errors import TrainingError
from studies.seeds import experiments

# For an answer of the workers, which are slow to give it on a machine that trains.
ANSWER_SECONDS = 3
COPIES = Path(".dvc/tmp/exps")


class State(NamedTuple):
    """The names of the queue's experiments by what has become of them.

    Attributes:
        queued: wait for a worker.
        running: are in a worker's hands, or at least alive.
        lost: run as DVC believes, and are in nobody's hands.
        ended: well or not.
        num_workers: how many workers live.
    """

    queued: set[str]
    running: set[str]
    lost: set[str]
    ended: set[str]
    num_workers: int

    def among(self, names: Collection[str]) -> "State":
        """Of these experiments alone."""
        wanted = set(names)
        return State(
            self.queued & wanted,
            self.running & wanted,
            self.lost & wanted,
            self.ended & wanted,
            self.num_workers,
        )

    def of(self, name: str) -> str:
        """What has become of one experiment, in a word."""
        words = {"queued": self.queued, "running": self.running, "lost": self.lost, "failed": self.ended}
        return next((word for word, names in words.items() if name in names), "not queued")

    @property
    def is_over(self) -> bool:
        """Whether nothing waits or runs."""
        return not self.queued | self.running | self.lost


def look() -> State:
    """What the queue of the repository in the working directory holds."""
    from dvc.repo import Repo  # A second, for what only this needs.

    with Repo(".") as repo:
        queue = repo.experiments.celery_queue
        # In the order in which experiments move, so that one that does in between is seen twice, not missed.
        queued = {entry.name for entry in queue.iter_queued()}
        before = {entry.name: entry.stash_rev for entry in queue.iter_active()}
        workers = queue.celery.control.inspect(timeout=ANSWER_SECONDS).active() or {}
        in_hand = {task["args"][0]["name"] for tasks in workers.values() for task in tasks}
        # Again, because one that ended or began in between is not lost.
        active = {entry.name for entry in queue.iter_active()}
        alive = {name for name, revision in before.items() if _is_alive(queue.proc.get(revision))}
        lost = (active & set(before)) - in_hand - alive
        return State(
            queued=queued - active,
            running=active - lost,
            lost=lost,
            ended={done.entry.name for done in queue.iter_done()},
            num_workers=len(workers),
        )


def put(name: str, changes: Sequence[str]) -> None:
    """Queue an experiment with changes of params.yaml, as ``section.key=value``."""
    _call("exp", "run", "--queue", f"--name={name}", *(f"--set-param={change}" for change in changes))


def start(num_jobs: int) -> None:
    """Let so many workers take from the queue; those that live already are among them."""
    _call("queue", "start", f"--jobs={num_jobs}")


def stop() -> None:
    """End all workers and what they run."""
    _call("queue", "stop", "--kill")


def remove(names: Collection[str]) -> None:
    """Forget experiments that are queued or ended."""
    if names:
        _call("queue", "remove", *sorted(names))


def bury(lost: Collection[str]) -> None:
    """Let lost experiments be over, and forget them."""
    if lost:
        _call("queue", "kill", "--force", *sorted(lost))
        remove(lost)


def clear_copies() -> None:
    """Delete the copies of the repository that killed experiments leave; to be called while none runs."""
    for folder in COPIES.glob("tmp*"):
        rmtree(folder, ignore_errors=True)


def _is_alive(process: Any) -> bool:
    if process is None or process.returncode is not None:
        return False
    try:
        os.kill(process.pid, 0)
    except ProcessLookupError:
        return False
    return True


def _call(*words: str) -> None:
    # Nothing of its output is a pipe, which workers would hold open.
    done = subprocess.run(["dvc", *words], stdout=subprocess.DEVNULL, env=experiments.environment())
    if done.returncode:
        raise TrainingError(f"`dvc {' '.join(words)}` failed, see above. Mend it and run the same again.")
