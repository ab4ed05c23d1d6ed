"""Runs a stage's script as DVC would, and notes the seconds of its work, and the most memory that it holds.

Its work is training, scoring, evaluation or drawing. A training's calls of MLflow are no training; between
them lie its epochs, each of whose seconds are noted too.
Everything else, such as the start of the process and its imports, happens outside of what is timed here.
"""

import json
import os
import runpy
import sys
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

from benchmarks.child import peak_mb
from latentlab.core import process

# The file that a record of each stage is appended to.
LOG = "BENCHMARK_STAGE_LOG"
# Stages that do nothing but score, evaluate or draw, once they have started.
ALL_WORK = ("score", "evaluate", "figures")


class Stopwatch:
    """Seconds that pass inside of timed functions, and between their calls."""

    def __init__(self) -> None:
        """Begin with no call."""
        self._calls: list[tuple[float, float]] = []

    @property
    def seconds(self) -> float:
        """Inside, of all calls."""
        return sum(end - start for start, end in self._calls)

    @property
    def between(self) -> list[float]:
        """Seconds from the end of each call to the start of the next."""
        return [start - end for (_, end), (start, _) in pairwise(self._calls)]

    def timed(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """The same function, each call of which is noted."""

        def run(*arguments: Any, **keywords: Any) -> Any:
            start = time.perf_counter()
            try:
                return function(*arguments, **keywords)
            finally:
                self._calls.append((start, time.perf_counter()))

        return run


def main(script: Path, *told: str) -> None:
    """Run the script with what it is told, and append a line to the log."""
    work, reports = Stopwatch(), Stopwatch()
    # As dvc.yaml names it.
    stage = "_".join([script.stem, *told])
    if stage.startswith(ALL_WORK):
        vars(process)["run"] = timed_run(process.run, work)
    elif stage.startswith("train_"):
        # Here, because the other stages do without, and would pay for it.
        from latentlab.learning import loop

        vars(loop)["fit"] = timed_fit(loop.fit, work, reports)
    sys.argv = [str(script), *told]
    runpy.run_path(str(script), run_name="__main__")
    record = {
        "stage": stage,
        "seconds": work.seconds - reports.seconds,
        "epoch_seconds": reports.between,
        "peak_memory_mb": peak_mb(),
    }
    with Path(os.environ[LOG]).open("a", encoding="utf-8") as log:
        log.write(json.dumps(record) + "\n")


def timed_run(run: Callable[[Callable[[], None]], None], work: Stopwatch) -> Callable[..., None]:
    """``process.run``, with the stage's main function timed."""
    return lambda stage_main: run(work.timed(stage_main))


def timed_fit(fit: Callable[..., Any], work: Stopwatch, reports: Stopwatch) -> Callable[..., Any]:
    """``loop.fit``, timed, and with it what it reports to MLflow."""

    def run(*arguments: Any, report: Callable[..., None], **keywords: Any) -> Any:
        return work.timed(fit)(*arguments, report=reports.timed(report), **keywords)

    return run


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
