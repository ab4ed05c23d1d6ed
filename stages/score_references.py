"""Finds features that can be trusted, and scores real and broken images in them."""

import sys

sys.path.insert(0, "src")  # An experiment's own snapshot, which an editable install would hide.

from typing import Any

from latentlab.core import process

with process.imports(hidden=process.KERAS_EXTRAS):
    from latentlab.core import artifacts, settings
    from latentlab.data.labelled import Labelled
    from latentlab.scoring import bench, contenders, networks, protocol
    from latentlab.scoring.settings import Scoring
    from latentlab.scoring.yardstick import choice, ladders

# Images of each rung that a figure shows.
NUM_DRAWN = 6


def main() -> None:
    read = settings.load_part(Scoring)
    training, labels = artifacts.load_images("train"), artifacts.load_labels("train")
    count = read.evaluate.num_samples
    held_out = artifacts.load_images("validation")[:count], artifacts.load_labels("validation")[:count]
    names = networks.offered(read.features.network, labelled=bool(labels.max()))
    opened, measured = choice.choose(bench.set_up_in(names, read, []), *held_out, training)
    if opened.inception is None:
        print("Inception distances are left out: evaluate.inception_weights is null", flush=True)
    found = contenders.of_references(held_out[0], training, labels, read.features.seed)
    scores = opened.score(found, keep=lambda contender, images: None)
    believed = {
        name: value
        for name, value in scores["references"]["real"].items()
        if name not in measured["withheld"]
    }
    scores |= {
        "protocol": describe_protocol(opened.num_samples, believed),
        "features": opened.describe() | {key: measured[key] for key in ("trusted", "withheld")},
        "data": {split: len(artifacts.load_labels(split)) for split in artifacts.SPLITS},
    }
    artifacts.save_json(artifacts.scores_path("references"), scores)
    artifacts.save_json(artifacts.YARDSTICK, measured)
    drawn = ladders.pictures(held_out[0][:NUM_DRAWN], read.features.seed)
    artifacts.save_arrays(artifacts.ladders_path(), drawn)


def describe_protocol(count: int, believed: dict[str, Any]) -> dict[str, Any]:
    """How all scores were made, by those of real images that can be believed."""
    test = Labelled(artifacts.load_images("test"), artifacts.load_labels("test")).take(slice(count))
    return protocol.describe(
        num_test=count,
        real_frechet=believed.get("frechet_distance"),
        test_split_sha256=test.describe()["sha256"],
        inception_sha256=artifacts.load_json(artifacts.INCEPTION_SOURCE)["sha256"],
    )


if __name__ == "__main__":
    process.run(main)
