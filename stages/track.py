"""Makes sure that MLflow has one row for this result, whole and once, and prints the verdict."""

from latentlab import stage

with stage.imports():
    from latentlab import artifacts, summary
    from latentlab.verdict import judgement


def main() -> None:
    result = summary.load()
    summary.track(result)
    summary.discard_checkpoints(result)
    print(f"\n{judgement.report(result.verdict)}\nFigures: {artifacts.FIGURES}, scores: {artifacts.METRICS}")


if __name__ == "__main__":
    stage.run(main)
