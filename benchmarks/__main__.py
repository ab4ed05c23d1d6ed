"""Measures our trainings beside the slides' and PyTorch's, and writes results.json and pages that show it."""

import argparse
import subprocess
from pathlib import Path
from typing import Any

from benchmarks import evaluation, experiments, growth, machine, pipeline, results
from benchmarks.rounds import COMPARED, NETWORKS, OF_DEFAULT, PYTORCH, Measurement, Task, measure
from latentlab.core import artifacts, provenance
from scripts import fill_pages

RESULTS = fill_pages.BENCHMARK
# Parts that say themselves which commit they were measured on.
APART = ("evaluation", "growth", "experiments")
TABLES = ("steps", "bfloat16", "growth")
COMPUTING, COPYING = Task("machine", "computing"), Task("machine", "copying")
COMPUTING_IN_BFLOAT16 = Task("machine_bfloat16", "computing")


def main() -> None:
    options = parse()
    found = artifacts.load_json(RESULTS) if options.only else {}
    if options.only in (None, "trainings"):
        apart = {part: found[part] for part in APART if part in found}
        found = measure_trainings(options) | apart
    if options.only in (None, "evaluation"):
        found |= measure_scoring(options.mnist)
    if options.only in (None, "growth"):
        found["growth"] = growth.measure(options.quick)
    if options.only == "experiments" or not (options.only or options.quick):
        found["experiments"] = experiments.measure()
    if not options.quick:
        artifacts.save_json(RESULTS, found)
        fill_pages.fill_pages()
    for table in TABLES:
        print(fill_pages.render("speed", table, {"benchmark": found}), end="\n\n")


def parse() -> argparse.Namespace:
    """What the command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--rounds", type=int, default=6, help="how often all take their turn")
    parser.add_argument("--skip-pipeline", action="store_true", help="without a run of the default pipeline")
    parser.add_argument("--quick", action="store_true", help="one round, no pipeline, and nothing is written")
    parser.add_argument("--mnist", type=Path, help="the folder of MNIST's four IDX files, to score on")
    parser.add_argument("--only", choices=("trainings", *APART), help="keep all other results")
    return parser.parse_args()


def measure_trainings(options: argparse.Namespace) -> dict[str, Any]:
    """Steps of training, and the default pipeline."""
    rounds = 1 if options.quick else options.rounds
    measured = {network: measure_network(network, rounds) for network in NETWORKS}
    found = {"commit": provenance.git_revision(), "rounds": rounds, **summarise(measured)}
    if not (options.skip_pipeline or options.quick):
        found["pipeline"] = pipeline.measure()
    return found


def measure_scoring(mnist: Path | None) -> dict[str, Any]:
    """What scoring costs, with the images to score on."""
    if mnist:
        return {"evaluation": {"commit": provenance.git_revision(), **evaluation.measure(mnist)}}
    print("The cost of scoring is left out: it needs --mnist, the folder of MNIST's four IDX files.")
    return {}


def measure_network(network: str, rounds: int) -> dict[Task, Measurement]:
    """All systems' trainings of a network, and between them what the machine itself can do."""
    trainings = [Task(system, network) for system in (*COMPARED, *OF_DEFAULT)]
    return measure([COMPUTING, COMPUTING_IN_BFLOAT16, COPYING, *trainings], rounds, machine.num_cores())


def summarise(measured: dict[str, dict[Task, Measurement]]) -> dict[str, Any]:
    """The machine, and the steps of both networks, of the lecture's sizes and of the default's."""
    rates = results.machine_rates(
        *(
            [tasks[task] for tasks in measured.values()]
            for task in (COMPUTING, COMPUTING_IN_BFLOAT16, COPYING)
        )
    )
    found: dict[str, Any] = {"machine": machine.describe() | versions() | rates}
    for network, tasks in measured.items():
        compared = {system: tasks[Task(system, network)] for system in COMPARED}
        exact, rounded = (tasks[Task(system, network)] for system in OF_DEFAULT)
        found[f"{network}_step"] = results.compare(compared, rates)
        found[f"{network}_step_bfloat16"] = results.compare_bfloat16(compared)
        found[f"default_{network}_step"] = results.describe(exact, rates)
        found[f"default_{network}_step_bfloat16"] = results.describe_bfloat16(rounded, exact)
    return found


def versions() -> dict[str, str]:
    """Of the frameworks that are compared."""
    command = [str(PYTORCH), "-c", "from importlib.metadata import version; print(version('torch'))"]
    pytorch = subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
    return machine.frameworks() | {"pytorch": pytorch}


if __name__ == "__main__":
    main()
