"""Trains a family of models, as `python stages/train.py NAME`."""

import sys

sys.path.insert(0, "src")  # An experiment's own snapshot, which an editable install would hide.

from latentlab.core import process


def main(name: str) -> None:
    with process.imports(hidden=process.KERAS_EXTRAS):
        from latentlab.families import roster

        family = roster.part(roster.named(name), "train")
    family.train()


if __name__ == "__main__":
    process.run(lambda: main(*sys.argv[1:]))
