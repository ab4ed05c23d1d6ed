"""From planned experiments to finished ones, on a queue that is made up."""

from collections.abc import Collection, Sequence

import pytest

from latentlab.core.errors import TrainingError
from studies.seeds import experiments
from studies.sweeps import progress, queue
from studies.sweeps.queue import State

PLANNED = {"one": ["seed=1"], "two": ["seed=2"]}


def state(**parts: str) -> State:
    """With a worker, and names that blanks separate."""
    given = {name: set(names.split()) for name, names in parts.items()}
    queued, running, lost, ended = (given.get(kind, set()) for kind in State._fields[:4])
    return State(queued, running, lost, ended, num_workers=1)


class Queue:
    """One that is in states one after the other, and notes what is asked of it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *states: State, finished: Sequence[set[str]]) -> None:
        """Take the place of DVC's; ``finished``: the answers to what is done, one after the other."""
        self.calls: list[tuple[str, str]] = []
        rest, answers = iter(states), iter(finished)
        monkeypatch.setattr(progress, "POLL_SECONDS", 0)
        monkeypatch.setattr(experiments, "finished", lambda: next(answers))
        monkeypatch.setattr(queue, "look", lambda: next(rest))
        monkeypatch.setattr(queue, "put", lambda name, changes: self.note("put", [name, *changes]))
        monkeypatch.setattr(queue, "start", lambda num_jobs: self.note("start", [str(num_jobs)]))
        for name in ("remove", "bury"):
            monkeypatch.setattr(queue, name, lambda names, name=name: self.note(name, names))

    def note(self, call: str, names: Collection[str]) -> None:
        """Leave out what names nothing."""
        if names:
            self.calls.append((call, " ".join(sorted(names))))


def test_what_is_done_is_not_run_again(monkeypatch: pytest.MonkeyPatch) -> None:
    made = Queue(monkeypatch, finished=[{"one", "two", "other"}])
    progress.finish(PLANNED, 2)
    assert made.calls == []


def test_what_waits_or_runs_is_not_queued_twice_and_what_failed_is_tried_again(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    planned = PLANNED | {"three": ["seed=3"], "four": ["seed=4"]}
    made = Queue(
        monkeypatch,
        state(queued="one elsewhere", ended="two elsewhere", running="three", lost="four"),
        state(running="one elsewhere", queued="two four"),
        state(ended="one two three four elsewhere"),
        finished=[set(), set(planned)],
    )
    progress.finish(planned, 1)
    assert made.calls == [
        ("bury", "four"),
        ("remove", "two"),
        ("put", "seed=2 two"),
        ("put", "four seed=4"),
        ("start", "1"),
    ]
    assert "1 of 4 ended, 1 running, 2 queued" in capsys.readouterr().out


def test_what_is_lost_twice_in_a_row_is_queued_again(monkeypatch: pytest.MonkeyPatch) -> None:
    made = Queue(
        monkeypatch,
        state(),
        state(lost="one", running="two"),
        state(running="one", lost="two"),
        state(running="one", lost="two"),
        state(running="one two"),
        state(ended="one two"),
        finished=[set(), {"one", "two"}],
    )
    progress.finish(PLANNED, 1)
    assert made.calls[3:] == [("bury", "two"), ("put", "seed=2 two"), ("start", "1")]


def test_a_worker_that_is_gone_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    alone = state(queued="two", running="one")
    nobody = alone._replace(num_workers=0)
    states = [state(), nobody, nobody, nobody, state(ended="one two")]
    made = Queue(monkeypatch, *states, finished=[set(), {"one", "two"}])
    progress.finish(PLANNED, 1)
    # The first look may come before the worker that was just started answers.
    assert made.calls[2:] == [("start", "1")] * 3


def test_what_ends_without_a_result_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    Queue(monkeypatch, state(), state(ended="one two"), finished=[set(), {"two"}])
    with pytest.raises(
        TrainingError, match=r"1 of 2 experiments failed: one\. `dvc queue logs NAME` says why"
    ):
        progress.finish(PLANNED, 1)
