"""Checks params.yaml; writes its preset, and what identifies files from outside, whose changes then show."""

import sys

sys.path.insert(0, "src")  # An experiment's own snapshot, which an editable install would hide.

from latentlab.core import process

with process.imports():
    from latentlab.core import artifacts, origin
    from latentlab.data import fingerprint
    from latentlab.families import params
    from latentlab.scoring.inception import weights_file


def main() -> None:
    settings = params.load()
    params.require_fit(settings)
    inception = {"sha256": weights_file.sha256(settings.evaluate.inception_weights)}
    artifacts.save_json(artifacts.SOURCE, fingerprint.of(settings.data.source, settings.data.path))
    artifacts.save_json(artifacts.INCEPTION_SOURCE, inception)
    origin.note(params.values())


if __name__ == "__main__":
    process.run(main)
