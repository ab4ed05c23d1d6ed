"""Runs a sweep's experiments on this machine or a cluster, draws one figure of all, says how far it is."""

import argparse
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from latentlab.core import process

with process.imports():
    from benchmarks import machine
    from latentlab.core import artifacts
    from latentlab.families import params
    from studies.experiments import engine, group
    from studies.experiments.engine import Engine
    from studies.experiments.group import Group
    from studies.seeds import cost
    from studies.sweeps import definition, figure, search, search_figure, summary
    from studies.sweeps.definition import Cell, Sweep

REPORTS = Path("reports/sweeps")


class NotDoneError(Exception):
    """What a search would choose next hangs on experiments that are not done."""


class Plan(NamedTuple):
    """A sweep at the commit that is checked out.

    Attributes:
        name: of its file.
        sweep: the file's content.
        values: all of params.yaml.
        engine: where its experiments run.
    """

    name: str
    sweep: Sweep
    values: dict[str, Any]
    engine: Engine

    @property
    def picture(self) -> Path:
        """The file of its figure; its scores lie beside."""
        return REPORTS / f"{self.name}.png"

    def own(self, cell: Cell) -> Group:
        """The experiments of a cell's setting."""
        return Group(self.engine.revision, cell.settings)

    def planned(self, cells: Sequence[Cell]) -> dict[str, Sequence[str]]:
        """Changes of params.yaml by the experiment's name."""
        groups = [(self.own(cell), cell.seed) for cell in cells]
        return {one.name(seed): one.changes(seed) for one, seed in groups}

    def metrics(self, cells: Sequence[Cell]) -> list[Any]:
        """What experiments that are done and here gave, in order."""
        return [group.load_metrics(self.own(cell), cell.seed) for cell in cells]

    def evaluate(self, cells: Sequence[Cell]) -> list[Any]:
        """Run what is missing of these experiments; what each gave."""
        for cell in cells:
            definition.require_possible(self.name, cell, self.values)
        self.engine.finish(self.planned(cells))
        return self.metrics(cells)


def main() -> None:
    options = parse()
    values = params.values()
    sweep = definition.load(options.sweep, values)
    revision = group.open_group([]).revision
    action = {"run": run, "status": tell, "clean": clean}[options.action]
    with engine.started(revision, options.jobs, options.cluster) as runner:
        action(Plan(options.sweep, sweep, values, runner))


def parse() -> argparse.Namespace:
    """What the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("action", choices=["run", "status", "clean"])
    parser.add_argument("sweep", help="the name of a file in sweeps/")
    parser.add_argument("--jobs", type=int, default=1, help="experiments at a time, 1 or more (default: 1)")
    parser.add_argument("--cluster", help="address of a Ray cluster (default: RAY_ADDRESS, or this machine)")
    return parser.parse_args()


def run(plan: Plan) -> None:
    """Run what is missing, and write the summary and the figure."""
    seed = plan.values[definition.SEED]
    seconds = cost.seconds(plan.values) * plan.sweep.num_experiments(seed)
    print(f"about {cost.told(seconds)} for all, two cores, one by one", flush=True)
    found = summary.summarise(plan.sweep, search.explore(plan.sweep, seed, plan.evaluate))
    content = {"commit": plan.engine.revision[:7], "machine": machine.describe(), **found}
    scores = plan.picture.with_suffix(".json")
    artifacts.save_json(scores, content)
    artifacts.save_figure(plan.picture, figure.draw(content))
    if plan.sweep.trials:
        print(search_figure.advice(content))
    print(f"Scores: {scores}, figure: {plan.picture}")


def tell(plan: Plan) -> None:
    """Print which experiments are done, of a search as far as they are known."""
    done = plan.engine.finished()
    for name, changes in known(plan).items():
        print(f"{name}  {' '.join(changes)}: {'done' if name in done else 'missing'}")


def clean(plan: Plan) -> None:
    """Forget a sweep: its experiments, wherever they are exchanged, and its summary."""
    plan.engine.place.remove(plan.engine.revision, set(known(plan)))
    for path in (plan.picture, plan.picture.with_suffix(".json")):
        path.unlink(missing_ok=True)


def known(plan: Plan) -> dict[str, Sequence[str]]:
    """The experiments of a sweep, of a search up to the first batch that is not done."""
    done, found = plan.engine.finished(), dict[str, Sequence[str]]()

    def look(cells: Sequence[Cell]) -> list[Any]:
        planned = plan.planned(cells)
        found.update(planned)
        if not set(planned) <= done:
            raise NotDoneError
        plan.engine.place.bring(plan.engine.revision, planned)
        return plan.metrics(cells)

    with suppress(NotDoneError):
        search.explore(plan.sweep, plan.values[definition.SEED], look)
    return found


if __name__ == "__main__":
    process.run(main)
