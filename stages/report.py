"""Write one page that shows the whole result."""

from latentlab.core import process

with process.imports():
    from latentlab.core import artifacts
    from latentlab.showing.report import outputs, page


def main() -> None:
    artifacts.save_text(artifacts.REPORT, page.render(outputs.load()))


if __name__ == "__main__":
    process.run(main)
