"""`make sweep` over DVC's own queue, on a pipeline of one stage that takes no time."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from latentlab.core.errors import ParamsError, TrainingError
from scripts import sweep
from studies.sweeps import progress, queue

SWEEP = "title: Two\nmetric: gan.recall\nvary: {gan.dropout: [0.25, 0.5]}\n"
WORKER = ".dvc/tmp/exps/celery/dvc-exp-worker-1.json"


@pytest.fixture
def held(repository: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A repository with a sweep of two experiments, whose stage waits for as long as a file is there."""
    monkeypatch.setattr(progress, "POLL_SECONDS", 1)
    monkeypatch.setattr(queue, "ANSWER_SECONDS", 2)
    (repository / "sweeps").mkdir()
    (repository / "sweeps" / "two.yaml").write_text(SWEEP)
    (repository / ".latentlab" / "hold").touch()
    yield repository / ".latentlab" / "hold"
    (repository / ".latentlab" / "hold").unlink(missing_ok=True)
    subprocess.run(["dvc", "queue", "stop", "--kill"], capture_output=True)


@pytest.fixture
def call(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """Runs the script in this process, and gives what it prints."""

    def run(action: str) -> str:
        monkeypatch.setattr(sys, "argv", ["sweep", action, "two"])
        sweep.main()
        return capfd.readouterr().out

    return run


def wait_for(path: Path) -> None:
    deadline = time.monotonic() + 100
    while not path.exists():
        assert time.monotonic() < deadline, f"{path} did not come"
        time.sleep(0.1)


def kill_the_worker(hold: Path) -> None:
    """While it runs the first experiment, which lives on alone and then comes to its end."""
    wait_for(hold.parent / "log")
    os.kill(json.loads(Path(WORKER).read_text())["pid"], signal.SIGKILL)
    hold.unlink()


def ran(hold: Path) -> int:
    """How many times the stage ran."""
    return len((hold.parent / "log").read_text().split())


class Moving:
    """A queue whose one experiment is taken by a worker after so many looks at either list."""

    def __init__(self, num_looks: int) -> None:
        """Stand in for DVC's repository and for its queue."""
        self.left = num_looks
        self.experiments = SimpleNamespace(celery_queue=self)
        self.proc = SimpleNamespace(get=lambda revision: None)
        self.celery = SimpleNamespace(control=SimpleNamespace(inspect=self.inspect))

    def inspect(self, timeout: float) -> Any:
        return SimpleNamespace(active=lambda: None)

    def iter_queued(self) -> list[Any]:
        return self.look(is_taken=False)

    def iter_active(self) -> list[Any]:
        return self.look(is_taken=True)

    def iter_done(self) -> list[Any]:
        return []

    def look(self, is_taken: bool) -> list[Any]:
        self.left -= 1
        return [SimpleNamespace(name="one", stash_rev="a")] if (self.left < 0) == is_taken else []


@pytest.mark.parametrize("num_looks", range(5))
def test_an_experiment_that_moves_meanwhile_is_not_missed(
    num_looks: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dvc.repo.Repo", lambda folder: nullcontext(Moving(num_looks)))
    assert not queue.look().is_over


def test_no_job_at_a_time_is_refused(held: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["sweep", "run", "two", "--jobs", "0"])
    with pytest.raises(ParamsError, match="JOBS: expected 1 or more, got 0"):
        sweep.main()


def test_a_killed_worker_loses_no_experiment(
    held: Path, call: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """One test, because each step starts from the one before."""
    killer = threading.Thread(target=kill_the_worker, args=[held])
    killer.start()
    printed = call("run")
    killer.join()
    assert "0 of 2 experiments are done already" in printed
    assert "lost, and queued again: seeds-" in printed
    content: dict[str, Any] = json.loads(Path("reports/sweeps/two.json").read_text())
    assert [point["set"] for point in content["points"]] == [{"gan.dropout": 0.25}, {"gan.dropout": 0.5}]
    assert [point["models"]["gan"]["recall"]["mean"] for point in content["points"]] == [0.25, 0.5]
    assert Path("reports/sweeps/two.png").read_bytes().startswith(b"\x89PNG")
    # The one that was lost had come to its end, which DVC's run cache gave back.
    assert ran(held) == 2

    assert "2 of 2 experiments are done already" in call("run")
    assert ran(held) == 2
    assert call("status").count(": done") == 2
    busy = queue.look()._replace(num_workers=1)
    with monkeypatch.context() as context:
        context.setattr(queue, "look", lambda: busy)
        with pytest.raises(TrainingError, match="expected that no experiment runs"):
            call("clean")
    call("stop")
    call("clean")
    assert call("status").count(": not queued") == 2
    assert not list(Path("reports/sweeps").iterdir())
    assert not list(Path(".dvc/tmp/exps").glob("tmp*"))
