"""Scores a family of models, as `python stages/score.py NAME`, and writes what figures show of it."""

import sys

sys.path.insert(0, "src")  # An experiment's own snapshot, which an editable install would hide.

from latentlab.core import process

with process.imports(hidden=process.KERAS_EXTRAS):
    from latentlab.core import artifacts, settings
    from latentlab.families import roster
    from latentlab.scoring import bench, sections
    from latentlab.scoring.contenders import Contender
    from latentlab.scoring.scorer import Images
    from latentlab.scoring.settings import Scoring


def main(name: str) -> None:
    family = roster.named(name)
    opened = bench.set_up(settings.load_part(Scoring), [family.folder])
    entry = roster.part(family, "scores").enter(opened)

    def keep(contender: Contender, images: Images) -> None:
        if contender.shown:
            artifacts.save_array(artifacts.scores_folder(name) / f"{contender.shown}.npy", images)

    scores = opened.score(entry.contenders, keep)
    artifacts.save_json(artifacts.scores_path(name), sections.merge([entry.scores, scores], ()))


if __name__ == "__main__":
    process.run(lambda: main(*sys.argv[1:]))
