"""Checks params.yaml and writes what identifies files from outside, so that a change in them is noticed."""

from latentlab.core import process

with process.imports():
    from latentlab.core import artifacts
    from latentlab.data import fingerprint
    from latentlab.families import params
    from latentlab.scoring.inception import weights_file


def main() -> None:
    settings = params.load()
    inception = {"sha256": weights_file.sha256(settings.evaluate.inception_weights)}
    artifacts.save_json(artifacts.SOURCE, fingerprint.of(settings.data.source, settings.data.path))
    artifacts.save_json(artifacts.INCEPTION_SOURCE, inception)


if __name__ == "__main__":
    process.run(main)
