"""Judges sets of images with one known trouble each: `make failures NAME="MNIST digits"`."""

import sys

from latentlab.core import process

with process.imports(hidden=process.KERAS_EXTRAS):
    from pathlib import Path

    from studies.failures import judging, record

RESULTS = Path("docs/results/failures.json")


def main(name: str) -> None:
    """Print what is found, and write it as the data set's part of the results."""
    judged = judging.judge_all()
    for failure, found in judged.items():
        said = "right" if found["right"] else f"WRONG, expected {found['wanted']}"
        print(f"{failure}: {', '.join(found['found']) or 'nothing'}; {said}", flush=True)
    record.keep(RESULTS, name, judged)


if __name__ == "__main__":
    process.run(lambda: main(record.name_of(sys.argv[1:])))
