"""Checks params.yaml and writes what identifies the images' source, so that a change in it is noticed."""

from latentlab import stage

with stage.imports():
    from latentlab import artifacts, params
    from latentlab.data import fingerprint


def main() -> None:
    data = params.load().data
    artifacts.save_json(artifacts.SOURCE, fingerprint.of(data.source, data.path))


if __name__ == "__main__":
    stage.run(main)
