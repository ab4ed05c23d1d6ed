"""Measures systems in turn, round by round, each in a process of its own that waits while others run."""

import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks import sides
from benchmarks.child import PRECISIONS
from benchmarks.costs import Cost

ROOT = Path(__file__).resolve().parents[1]
NETWORKS = ("vae", "gan")
IN_FLOAT32 = ("lecture", "lecture_without_onednn", "pytorch_eager", "pytorch_compiled", "ours")
IN_BFLOAT16 = ("lecture_bfloat16", "pytorch_eager_bfloat16", "pytorch_compiled_bfloat16", "ours_bfloat16")
COMPARED = (*IN_FLOAT32, *IN_BFLOAT16)
OF_DEFAULT = ("ours_default", "ours_default_bfloat16")
# By itself TensorFlow uses oneDNN only on processors with instructions for neural networks. Both are set, for
# what our package sets in this process would else be handed on.
ENVIRONMENTS = {
    "lecture": {"TF_ENABLE_ONEDNN_OPTS": "1"},
    "lecture_bfloat16": {"TF_ENABLE_ONEDNN_OPTS": "1"},
    "lecture_without_onednn": {"TF_ENABLE_ONEDNN_OPTS": "0"},
}
PYTORCH = ROOT / ".venv-benchmark" / "bin" / "python"


class Task(NamedTuple):
    """What a process is started for, as `child` knows it."""

    system: str
    network: str


# How many steps of each a round takes: of equal networks equally many, for the first after a wait is slower.
STEPS = {
    Task("machine", "computing"): 10,
    Task("machine_bfloat16", "computing"): 10,
    Task("machine", "copying"): 5,
    **{Task(system, "vae"): 16 for system in COMPARED},
    **{Task(system, "gan"): 3 for system in COMPARED},
    **{Task(system, network): 16 for system in OF_DEFAULT for network in NETWORKS},
    **{
        Task(sides.system(side) + suffix, network): steps
        for side, steps in sides.STEPS.items()
        for suffix in PRECISIONS.values()
        for network in NETWORKS
    },
}


@dataclass(frozen=True)
class Measurement:
    """What a task's process answered.

    Attributes:
        milliseconds: of a step, in each round.
        first_step_seconds: compilation included, imports excluded.
        peak_memory_mb: the most memory that the process has held.
        num_parameters: what gradients change.
        cost: of a step; nothing where not counted.
    """

    milliseconds: list[float]
    first_step_seconds: float
    peak_memory_mb: float
    num_parameters: int
    cost: Cost

    @property
    def median(self) -> float:
        """Milliseconds of a step."""
        return statistics.median(self.milliseconds)


def measure(tasks: list[Task], rounds: int, threads: int) -> dict[Task, Measurement]:
    """Take all tasks' steps in turn, as many times as there are rounds, once each has been warmed up.

    Raises:
        RuntimeError: a process ended before its time.
    """
    with ExitStack() as open_children, tempfile.TemporaryDirectory() as cache:
        children, first = {}, {}
        for task in tasks:
            children[task] = open_children.enter_context(_child(task, threads, Path(cache)))
            first[task] = children[task].train(STEPS[task])["seconds"]
            children[task].train(STEPS[task])
        answers: dict[Task, list[Any]] = {task: [] for task in tasks}
        for number in range(1, rounds + 1):
            for task in tasks:
                answers[task].append(children[task].train(STEPS[task]))
            _announce(number, rounds, {task: answers[task][-1]["seconds"] / STEPS[task] for task in tasks})
        return {task: _summarise(children[task], first[task], answers[task]) for task in tasks}


class Child:
    """The parent's end of a process of `child`."""

    def __init__(self, task: Task, process: "subprocess.Popen[str]") -> None:
        """Wait until its training is built."""
        self.task, self._process = task, process
        self.num_parameters = self._read()["num_parameters"]

    def train(self, steps: int) -> Any:
        """Let it train so many steps, and wait; its answer."""
        assert self._process.stdin
        print(steps, file=self._process.stdin, flush=True)
        return self._read()

    def _read(self) -> Any:
        assert self._process.stdout
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self.task.system} of {self.task.network} ended before its time; see above.")
        return json.loads(line)


@contextmanager
def _child(task: Task, threads: int, cache: Path) -> Iterator[Child]:
    python = PYTORCH if task.system.startswith("pytorch") else sys.executable
    command = [str(python), "-m", "benchmarks.child", *task, str(threads)]
    # Compiled code of an earlier benchmark would make PyTorch's first step look cheap.
    environment = {
        **os.environ,
        **ENVIRONMENTS.get(task.system, {}),
        "PYTHONPATH": str(ROOT / "src"),
        "KERAS_BACKEND": "tensorflow",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "TORCHINDUCTOR_CACHE_DIR": str(cache),
    }
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        try:
            yield Child(task, process)
        except BaseException:
            process.kill()
            raise


def _announce(number: int, rounds: int, seconds: Mapping[Task, float]) -> None:
    values = "  ".join(f"{'_'.join(task)} {1000 * value:.1f}" for task, value in seconds.items())
    print(f"round {number}/{rounds}, milliseconds a step:  {values}", flush=True)


def _summarise(child: Child, first: float, answers: list[Any]) -> Measurement:
    steps = STEPS[child.task]
    milliseconds = [1000 * answer["seconds"] / steps for answer in answers]
    return Measurement(
        milliseconds=milliseconds,
        first_step_seconds=first - (steps - 1) * statistics.median(milliseconds) / 1000,
        peak_memory_mb=answers[-1]["peak_mb"],
        num_parameters=child.num_parameters,
        cost=Cost(*answers[-1]["cost"]),
    )
