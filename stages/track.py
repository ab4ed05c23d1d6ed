"""Makes sure that MLflow has one row for this result, whole and once, and prints what came out."""

from latentlab.core import process

with process.imports():
    from latentlab.tracking import result, terminal, tracker


def main() -> None:
    found = result.load()
    tracker.track(found)
    tracker.discard_checkpoints(found)
    print(terminal.closing(found.metrics, result.committed_metrics(), found.verdict))


if __name__ == "__main__":
    process.run(main)
