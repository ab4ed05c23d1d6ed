"""The GAN: what its training was like, and what its generators of the last, best and no epoch make."""

import keras

from latentlab.core import artifacts
from latentlab.core.randomness import derive_seed
from latentlab.families import params
from latentlab.families.entry import Entry, save_arrays
from latentlab.families.gan import adversaries
from latentlab.families.gan import snapshots as gan_evaluation
from latentlab.families.gan.snapshots import Snapshot
from latentlab.families.latents import explorer_arrays, pictures
from latentlab.families.latents import told as conditional_evaluation
from latentlab.learning.conditioning import given, num_classes_of
from latentlab.scoring import contenders
from latentlab.trained import inference, model_files


def enter(settings: params.Params, classifier: keras.Sequential) -> Entry:
    """Score its epochs in a classifier's features; write the best one's generator, and what figures show."""
    history = artifacts.load_json(artifacts.GAN / "history.json")
    snapshots = _score_snapshots(len(history), settings, classifier)
    sources = {
        "gan": artifacts.GAN / "generator.keras",
        "gan_best": artifacts.GAN_BEST / "generator.keras",
        "references.untrained": artifacts.GAN / "untrained.keras",
    }
    models = {name: model_files.load_model(path) for name, path in sources.items()}
    _draw(models["gan_best"], settings.seed)
    metrics = {
        "gan": {
            "history": adversaries.summarise(history, settings.gan.objective),
            "snapshots": [snapshot._asdict() for snapshot in snapshots],
        },
        "gan_best": {"epoch": gan_evaluation.best(snapshots)},
    }
    labels, seed = artifacts.load_labels("train"), derive_seed(settings.seed, "evaluate", "gan")
    made = [contenders.of_model(name, model, labels, seed) for name, model in models.items()]
    return Entry(metrics, made)


def _score_snapshots(last: int, settings: params.Params, classifier: keras.Sequential) -> list[Snapshot]:
    """The distance of each epoch that was kept; copies the best one's generator."""
    kept = artifacts.load_json(artifacts.snapshots_path(artifacts.GAN))
    paths = {epoch: artifacts.snapshot_path(artifacts.GAN, epoch) for epoch in kept}
    paths[last] = artifacts.GAN / "generator.keras"
    snapshots = gan_evaluation.score_snapshots(
        ((epoch, model_files.load_model(path)) for epoch, path in paths.items()),
        classifier,
        artifacts.load_images("validation")[: settings.evaluate.num_samples],
        derive_seed(settings.seed, "evaluate", "snapshots"),
        artifacts.load_labels("validation"),
    )
    best = paths[gan_evaluation.best(snapshots)]
    artifacts.copy_file(best, artifacts.GAN_BEST / "generator.keras")
    signature = artifacts.load_json(artifacts.GAN / "signature.json")["generator"]
    artifacts.save_json(artifacts.GAN_BEST / "signature.json", {"generator": signature})
    return snapshots


def _draw(generator: keras.Model, seed: int) -> None:
    """Write what figures show of the best generator: paths between its samples, and classes it is told."""
    untold, count = given(generator, 0), 2 * pictures.NUM_PATHS
    interpolated, walked, told = (
        derive_seed(seed, "evaluate", purpose) for purpose in ("interpolations", "walks", "classes")
    )
    latents = inference.draw_latents(count, inference.latent_dim(generator), interpolated)
    save_arrays("gan", {"interpolations": pictures.interpolations(untold, latents)})
    save_arrays("gan_best", {"explorer_walks": explorer_arrays.walks(untold, walked)})
    if num_classes_of(generator):
        save_arrays("gan", {"told_classes": conditional_evaluation.by_class(generator, told)})
