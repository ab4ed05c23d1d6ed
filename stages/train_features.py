"""Trains the classifier in whose features scores can be measured, and keeps the network as it was drawn."""

import sys

sys.path.insert(0, "src")  # An experiment's own snapshot, which an editable install would hide.

from functools import partial

from latentlab.core import process

with process.imports(hidden=process.KERAS_EXTRAS):
    import numpy as np

    from latentlab.core import artifacts, settings
    from latentlab.families.training import training_run
    from latentlab.learning.batches import Shuffled
    from latentlab.learning.descent import adam
    from latentlab.learning.loop import Schedule
    from latentlab.learning.randomness import derive_seed
    from latentlab.scoring import features
    from latentlab.scoring.settings import Features


class Read(settings.Section):
    """What this training reads of params.yaml."""

    features: Features


def main() -> None:
    own = settings.load_part(Read).features
    train = artifacts.load_images("train"), artifacts.load_labels("train")
    validation = artifacts.load_images("validation"), artifacts.load_labels("validation")
    feed = Shuffled(train, own.batch_size, derive_seed(own.seed, "features", "batches"))
    num_classes = int(np.max(train[1])) + 1
    build = partial(
        features.build_classifier,
        filters=own.filters,
        width=own.width,
        dropout=own.dropout,
        shift=own.shift,
        num_classes=num_classes,
        image_shape=train[0].shape[1:],
        seed=derive_seed(own.seed, "features", "model"),
    )
    with training_run("features") as run:
        models = {"random": build()}
        if num_classes > 1:
            models["classifier"] = build()
            learner = features.Classifier(models["classifier"], adam(own.learning_rate))
            run.fit(learner, feed, validation, Schedule(own.epochs))
        else:
            print("the images have no labels, so no classifier is trained", flush=True)
        run.save(models, train[0])


if __name__ == "__main__":
    process.run(main)
