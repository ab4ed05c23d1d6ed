"""Trains the classifier whose features the scores are measured in; without labels it stays random."""

from latentlab.core import process

with process.imports(hidden=process.KERAS_EXTRAS):
    import numpy as np

    from latentlab.core import artifacts
    from latentlab.core.randomness import derive_seed
    from latentlab.families import params
    from latentlab.families.training import training_run
    from latentlab.learning.batches import Shuffled
    from latentlab.learning.descent import adam
    from latentlab.learning.loop import Schedule
    from latentlab.scoring import features


def main() -> None:
    settings = params.load().features
    train = artifacts.load_images("train"), artifacts.load_labels("train")
    validation = artifacts.load_images("validation"), artifacts.load_labels("validation")
    feed = Shuffled(train, settings.batch_size, derive_seed(settings.seed, "features", "batches"))
    num_classes = int(np.max(train[1])) + 1
    epochs = settings.epochs if num_classes > 1 else 0
    if not epochs:
        print("the images have no labels: the feature space is a fixed random network", flush=True)
    with training_run("train_features", artifacts.FEATURES) as run:
        model = features.build_classifier(
            filters=settings.filters,
            width=settings.width,
            dropout=settings.dropout,
            shift=settings.shift,
            num_classes=num_classes,
            image_shape=train[0].shape[1:],
            seed=derive_seed(settings.seed, "features", "model"),
        )
        learner = features.Classifier(model, adam(settings.learning_rate))
        run.fit(learner, feed, validation, Schedule(epochs))
        run.save({"classifier": model}, train[0])


if __name__ == "__main__":
    process.run(main)
