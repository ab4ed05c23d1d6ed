"""Keeps what `make seeds` or `make sweep` wrote, and its figure, as a result for the pages.

Scores, commit, machine and params go to docs/results, the figure to docs/images.
"""

import argparse
import shutil
import sys
from pathlib import Path

from latentlab.core import artifacts, process
from scripts import ingredients
from scripts.fill_pages import IMAGES, result_file
from scripts.measure import CODE, differs_from
from studies.seeds import comparison


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path, help="a file in reports/, such as reports/seeds.json")
    keep(parser.parse_args().file)


def keep(file: Path) -> None:
    """Keep a file of scores, and of params.yaml as committed also the figure beside it."""
    found = comparison.load(file, "make seeds or make sweep", ["commit"])
    require_alike(found["commit"])
    made_of = ingredients.of(found["commit"], "default", found.get("settings", []))
    artifacts.save_json(result_file(file.stem), made_of | found)
    # With other settings it is there to be compared, for which numbers do.
    if not made_of["changes"]:
        shutil.copyfile(file.with_suffix(".png"), IMAGES / f"{file.stem}.png")


def require_alike(commit: str) -> None:
    """Leave if what decides results is not here as it is in a commit, for then it cannot be described."""
    if differs_from(commit):
        sys.exit(
            f"error: expected {', '.join(CODE)} as in {commit}, of which the scores are, got changes. Check "
            "that commit out, or run the seeds or the sweep again."
        )


if __name__ == "__main__":
    process.run(main)
