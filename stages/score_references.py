"""Scores real images, and images that are broken by construction: what models' scores are read against."""

import sys

sys.path.insert(0, "src")  # An experiment's own snapshot, which an editable install would hide.

from typing import Any

from latentlab.core import process

with process.imports(hidden=process.KERAS_EXTRAS):
    from latentlab.core import artifacts, settings
    from latentlab.data.labelled import Labelled
    from latentlab.scoring import bench, contenders, protocol
    from latentlab.scoring.settings import Scoring


def main() -> None:
    read = settings.load_part(Scoring)
    opened = bench.set_up(read, [])
    if opened.inception is None:
        print("Inception distances are left out: evaluate.inception_weights is null", flush=True)
    training, labels = artifacts.load_images("train"), artifacts.load_labels("train")
    validation = artifacts.load_images("validation")
    found = contenders.of_references(validation, training, labels, read.features.seed)
    scores = opened.score(found, keep=lambda contender, images: None)
    scores |= {
        "protocol": describe_protocol(opened.num_samples, scores["references"]["real"]),
        "features": opened.features,
        "data": {split: len(artifacts.load_labels(split)) for split in artifacts.SPLITS},
    }
    artifacts.save_json(artifacts.scores_path("references"), scores)


def describe_protocol(count: int, real_scores: dict[str, Any]) -> dict[str, Any]:
    """How all scores were made."""
    test = Labelled(artifacts.load_images("test"), artifacts.load_labels("test")).take(slice(count))
    return protocol.describe(
        num_test=count,
        real_frechet=real_scores["frechet_distance"],
        test_split_sha256=test.describe()["sha256"],
        inception_sha256=artifacts.load_json(artifacts.INCEPTION_SOURCE)["sha256"],
    )


if __name__ == "__main__":
    process.run(main)
