"""Write one page that shows the whole result."""

import sys

sys.path.insert(0, "src")  # An experiment's own snapshot, which an editable install would hide.

from latentlab.core import process

with process.imports():
    from latentlab.core import artifacts
    from latentlab.families import roster
    from latentlab.families.together import story as together
    from latentlab.showing.report import outputs, page


def main() -> None:
    """Tell of all models: a chapter for each family, and one for all of them side by side."""
    models = [model for family in roster.FAMILIES for model in family.models]
    chapters = [roster.part(family, "story").CHAPTER for family in roster.FAMILIES]
    found = outputs.load(models, [*chapters, together.CHAPTER])
    artifacts.save_text(artifacts.REPORT, page.render(found))


if __name__ == "__main__":
    process.run(main)
