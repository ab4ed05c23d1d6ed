"""Runs the pipeline with several training seeds, and writes the mean and the spread of each score."""

import argparse
import re
from pathlib import Path
from typing import Any

from latentlab.core import process

with process.imports():
    from benchmarks import machine
    from latentlab.core import artifacts
    from latentlab.core.errors import ParamsError
    from latentlab.families import params
    from latentlab.scoring import protocol
    from studies.experiments import engine, group
    from studies.experiments.group import Group
    from studies.seeds import comparison, cost, figure, row, settings, statistics

REPORTS = Path("reports")


def main() -> None:
    options = parse()
    if options.num_seeds < 2:
        raise ParamsError(f"N: expected 2 seeds or more, got {options.num_seeds}: one has no spread.")
    values = settings.apply(params.values(), options.settings)
    settings.require_possible(values)
    seeds = range(values["seed"], values["seed"] + options.num_seeds)
    own = group.open_group(options.settings)
    about = cost.told(cost.seconds(values) * len(seeds))
    print(f"seeds {seeds[0]} to {seeds[-1]}: about {about} for all, two cores, one by one", flush=True)
    with engine.started(own.revision, options.jobs, options.cluster) as runner:
        runner.finish({own.name(seed): own.changes(seed) for seed in seeds})
    content = collect(own, seeds)
    path = REPORTS / file_name(options.settings)
    artifacts.save_json(path, content)
    picture = path.with_suffix(".png")
    artifacts.save_figure(picture, figure.draw(content["models"], len(seeds)))
    row.track(content, values, [path, picture])
    print(f"\n{describe(content)}\nScores: {path}, figure: {picture}")


def parse() -> argparse.Namespace:
    """What the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("num_seeds", type=int, help="how many, counted on from `seed` of params.yaml")
    parser.add_argument("settings", nargs="*", help="changes of params.yaml: section.key=value")
    parser.add_argument("--jobs", type=int, default=1, help="seeds at a time, 1 or more (default: 1)")
    parser.add_argument("--cluster", help="address of a Ray cluster (default: RAY_ADDRESS, or this machine)")
    return parser.parse_args()


def collect(own: Group, seeds: range) -> dict[str, Any]:
    """The content of seeds.json."""
    rows = {str(seed): group.load_metrics(own, seed) for seed in seeds}
    first, *others = map(protocol.conditions, rows.values())
    for other in others:
        comparison.require_comparable(first, other)
    return {
        "commit": own.revision[:7],
        "machine": machine.describe(),
        "settings": list(own.settings),
        "seeds": list(seeds),
        "conditions": first,
        "models": statistics.summarise(rows),
    }


def file_name(changes: list[str]) -> str:
    """One for each setting, so that two can be compared."""
    return "-".join(["seeds", *(re.sub(r"[^\w.=+-]", "_", change) for change in changes)]) + ".json"


def describe(content: dict[str, Any]) -> str:
    """Mean, standard deviation and n of each score, as lines for a terminal."""
    return "\n".join(
        f"{model} {name}: {summary['mean']:.4g} +- {summary['standard_deviation']:.2g} (n = {summary['n']})"
        for model, scores in content["models"].items()
        for name, summary in scores.items()
    )


if __name__ == "__main__":
    process.run(main)
