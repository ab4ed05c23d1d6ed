"""Makes sure that MLflow has one row for this result, with its params, scores, curves, figures and models."""

from latentlab import stage

with stage.imports():
    from latentlab import summary


def main() -> None:
    summary.track(summary.load())


if __name__ == "__main__":
    stage.run(main)
