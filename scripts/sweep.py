"""Runs a sweep's experiments through DVC's queue, draws one figure of all, says how far it is, ends it."""

import argparse
import os
import subprocess
from pathlib import Path
from typing import NamedTuple

from latentlab.core import process

with process.imports():
    from latentlab.core import artifacts
    from latentlab.core.errors import ParamsError, TrainingError
    from latentlab.families import params
    from studies.seeds import cost, experiments
    from studies.seeds.experiments import Group
    from studies.sweeps import definition, figure, progress, queue, summary
    from studies.sweeps.definition import Cell, Sweep

REPORTS = Path("reports/sweeps")


class Experiment(NamedTuple):
    """One cell of a sweep at the commit that is checked out."""

    group: Group
    cell: Cell

    @property
    def name(self) -> str:
        """As DVC has it, and `make seeds` too where both run the same."""
        return self.group.name(self.cell.seed)

    @property
    def changes(self) -> tuple[str, ...]:
        """Of params.yaml."""
        return (*self.cell.settings, f"seed={self.cell.seed}")


def main() -> None:
    require_posix()
    options = parse()
    if options.action == "stop":
        queue.stop()
        print("DVC's workers are stopped, and what they ran. `make sweep` goes on.")
        return
    values = params.values()
    sweep = definition.load(options.sweep, values)
    revision = experiments.open_group([]).revision
    planned = [Experiment(Group(revision, cell.settings), cell) for cell in sweep.cells(values["seed"])]
    picture = REPORTS / f"{options.sweep}.png"
    match options.action:
        case "run":
            print(f"about {cost.told(cost.seconds(values) * len(planned))} for all, two cores", flush=True)
            run(sweep, planned, options.jobs, picture)
        case "status":
            tell(planned)
        case "clean":
            clean([experiment.name for experiment in planned], picture)


def require_posix() -> None:
    """Refuse Windows, where to ask whether a process lives is to interrupt it.

    Raises:
        TrainingError: this is Windows.
    """
    if os.name == "nt":
        raise TrainingError(
            "sweeps: expected Linux or macOS, got Windows. Run one setting at a time: "
            "`dvc exp run -S section.key=value`."
        )


def parse() -> argparse.Namespace:
    """What the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("action", choices=["run", "status", "stop", "clean"])
    parser.add_argument("sweep", help="the name of a file in sweeps/")
    parser.add_argument("--jobs", type=int, default=1, help="experiments at a time, 1 or more (default: 1)")
    return parser.parse_args()


def run(sweep: Sweep, planned: list[Experiment], num_jobs: int, picture: Path) -> None:
    """Run what is missing, and write the summary and the figure.

    Raises:
        ParamsError: no experiment could run at a time.
    """
    if num_jobs < 1:
        raise ParamsError(f"JOBS: expected 1 or more, got {num_jobs}.")
    try:
        progress.finish({experiment.name: experiment.changes for experiment in planned}, num_jobs)
    except KeyboardInterrupt:
        print("\nDVC's workers go on. `make sweep` waits for them again, `make sweep-stop` ends them.")
        raise
    results = [(cell, experiments.load_metrics(group, cell.seed)) for group, cell in planned]
    content = summary.summarise(sweep, results)
    scores = picture.with_suffix(".json")
    artifacts.save_json(scores, content)
    artifacts.save_figure(picture, figure.draw(content))
    print(f"Scores: {scores}, figure: {picture}")


def tell(planned: list[Experiment]) -> None:
    """Print what has become of each experiment."""
    done, state = experiments.finished(), queue.look()
    for experiment in planned:
        said = "done" if experiment.name in done else state.of(experiment.name)
        print(f"{experiment.name}  {' '.join(experiment.changes)}: {said}")
    print(f"{state.num_workers} workers")


def clean(names: list[str], picture: Path) -> None:
    """Forget a sweep: its place in the queue, its experiments, its summary, and what killed ones left.

    Raises:
        TrainingError: the queue is at work.
    """
    state = queue.look()
    if state.running or state.num_workers:
        raise TrainingError("expected that no experiment runs. Stop them with `make sweep-stop` first.")
    mine = state.among(names)
    queue.bury(mine.lost)
    queue.remove(mine.queued | mine.ended)
    if done := experiments.finished() & set(names):
        subprocess.run(["dvc", "exp", "remove", *sorted(done)], check=True)
    queue.clear_copies()
    for path in (picture, picture.with_suffix(".json")):
        path.unlink(missing_ok=True)


if __name__ == "__main__":
    process.run(main)
