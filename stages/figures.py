"""Draw every figure of the report from what earlier stages computed."""

import sys

sys.path.insert(0, "src")  # An experiment's own snapshot, which an editable install would hide.

from latentlab.core import process

with process.imports():
    from latentlab.core import artifacts
    from latentlab.families import roster
    from latentlab.families.together import figures as together
    from latentlab.scoring import headlines


def main() -> None:
    """Save figures and animations under their names, and the scores that `dvc plots` draws."""
    families = [roster.part(family, "figures") for family in roster.FAMILIES]
    for drawn in (*families, together):
        for name, figure in drawn.figures():
            artifacts.save_figure(artifacts.FIGURES / f"{name}.png", figure)
    for drawn in families:
        for name, frames in drawn.animations():
            artifacts.save_animation(artifacts.FIGURES / f"{name}.gif", frames)
    artifacts.save_json(artifacts.HEADLINES, headlines.sets(artifacts.load_json(artifacts.METRICS)))


if __name__ == "__main__":
    process.run(main)
