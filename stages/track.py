"""Makes sure that MLflow has one row for this result, whole and once, and prints what came out."""

import sys

sys.path.insert(0, "src")  # An experiment's own snapshot, which an editable install would hide.

from latentlab.core import process

with process.imports():
    from latentlab.families import params, roster
    from latentlab.showing.verdict import judgement
    from latentlab.tracking import result, terminal, tracker


def main() -> None:
    found = result.load(params.values(), roster.FAMILIES)
    tracker.track(found)
    tracker.discard_checkpoints(found)
    verdicts = judgement.report(found.verdict)
    print(terminal.closing(found.metrics, result.committed_metrics(), verdicts))


if __name__ == "__main__":
    process.run(main)
