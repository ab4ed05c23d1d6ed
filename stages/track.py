"""Makes sure that MLflow has one row for this result, with its params, scores, curves, figures and models."""

from latentlab import stage

with stage.imports():
    from latentlab import summary


def main() -> None:
    result = summary.load()
    summary.track(result)
    summary.discard_checkpoints(result)


if __name__ == "__main__":
    stage.run(main)
