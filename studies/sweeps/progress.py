"""From experiments that are planned to experiments that are done, whatever is killed on the way."""

import time
from collections.abc import Mapping, Sequence

from latentlab.core.errors import TrainingError
from studies.seeds import experiments
from studies.sweeps import queue
from studies.sweeps.queue import State

POLL_SECONDS = 5

# Changes of params.yaml by the experiment's name.
Planned = Mapping[str, Sequence[str]]


def finish(planned: Planned, num_jobs: int) -> None:
    """Run what is not done yet, so many at a time, and wait for it.

    Raises:
        TrainingError: experiments ended without a result.
    """
    missing = _missing(planned)
    print(f"{len(planned) - len(missing)} of {len(planned)} experiments are done already", flush=True)
    if not missing:
        return
    _queue_anew(missing)
    queue.start(num_jobs)
    _wait(missing, num_jobs)
    if failed := _missing(missing):
        raise TrainingError(
            f"{len(failed)} of {len(planned)} experiments failed: {', '.join(failed)}. `dvc queue logs NAME` "
            "says why. What was finished is kept: mend it and run the same again."
        )


def _missing(planned: Planned) -> dict[str, Sequence[str]]:
    done = experiments.finished()
    return {name: changes for name, changes in planned.items() if name not in done}


def _queue_anew(missing: Planned) -> None:
    """Queue all that does not wait or run already; what ended without a result is tried once more."""
    state = queue.look().among(missing)
    queue.bury(state.lost)
    queue.remove(state.ended)
    for name, changes in missing.items():
        if name not in state.queued | state.running:
            queue.put(name, changes)


def _wait(missing: Planned, num_jobs: int) -> None:
    before = State(set(), set(), set(), set(), num_jobs)
    while not (state := queue.look().among(missing)).is_over:
        if (told := _told(state, len(missing))) != _told(before, len(missing)):
            print(told, flush=True)
        # Twice, because a worker that begins may not answer yet.
        if lost := state.lost & before.lost:
            print(f"lost, and queued again: {', '.join(sorted(lost))}", flush=True)
            queue.bury(lost)
            for name in lost:
                queue.put(name, missing[name])
        if lost or (state.queued and max(state.num_workers, before.num_workers) < num_jobs):
            queue.start(num_jobs)
        before = state
        time.sleep(POLL_SECONDS)


def _told(state: State, total: int) -> str:
    left = state.queued | state.running | state.lost
    return f"{total - len(left)} of {total} ended, {len(state.running)} running, {len(state.queued)} queued"
