"""Puts the scores of all families into one file, and says in words what they mean."""

import sys

sys.path.insert(0, "src")  # An experiment's own snapshot, which an editable install would hide.

from latentlab.core import process

with process.imports():
    from latentlab.core import artifacts
    from latentlab.families import roster, verdicts
    from latentlab.scoring import sections


def main() -> None:
    names = [family.name for family in roster.FAMILIES]
    scores = [artifacts.load_json(artifacts.scores_path(name)) for name in (*names, "references")]
    metrics = sections.merge(scores, first=(*roster.models(), "samplers"))
    histories = {name: artifacts.load_json(artifacts.MODELS / name / "history.json") for name in names}
    verdict = verdicts.judge(metrics, artifacts.load_json(artifacts.YARDSTICK), histories)
    artifacts.save_json(artifacts.METRICS, metrics)
    artifacts.save_json(artifacts.VERDICT, verdict)


if __name__ == "__main__":
    process.run(main)
