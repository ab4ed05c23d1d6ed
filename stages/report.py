"""Write one page that shows the whole result."""

from latentlab import stage

with stage.imports():
    from latentlab import artifacts
    from latentlab.report import outputs, page


def main() -> None:
    artifacts.save_text(artifacts.REPORT, page.render(outputs.load()))


if __name__ == "__main__":
    stage.run(main)
