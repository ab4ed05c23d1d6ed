"""The GAN's scoring: what its training was like, and what generators of the last, best and no epoch make."""

import keras

from latentlab.core import artifacts, settings
from latentlab.families import arrays
from latentlab.families.entry import Entry
from latentlab.families.gan import adversaries, snapshots
from latentlab.families.gan.family import BEST, GAN
from latentlab.families.gan.settings import Settings
from latentlab.families.gan.snapshots import Snapshot
from latentlab.families.latents import draws, explorer_arrays, pictures, told
from latentlab.learning.conditioning import given, num_classes_of
from latentlab.learning.randomness import derive_seed
from latentlab.scoring.bench import Bench
from latentlab.scoring.settings import Scoring
from latentlab.trained import inference, model_files

GENERATOR = f"{GAN.generative}.keras"


class Read(Scoring):
    """What this scoring reads of params.yaml."""

    gan: Settings


def enter(bench: Bench) -> Entry:
    """Score its epochs in the bench's features; write the best one's generator, and what figures show."""
    read = settings.load_part(Read)
    history = artifacts.load_json(GAN.folder / "history.json")
    scored = _score_snapshots(len(history), read, bench)
    sources = {
        GAN.name: GAN.folder / GENERATOR,
        BEST.name: BEST.folder / GENERATOR,
        "references.untrained": GAN.folder / "untrained.keras",
    }
    models = {name: model_files.load_model(path) for name, path in sources.items()}
    _draw(models[BEST.name], read.seed)
    scores = {
        GAN.name: {
            "history": adversaries.summarise(history, read.gan.objective),
            "snapshots": [snapshot._asdict() for snapshot in scored],
        },
        BEST.name: {"epoch": snapshots.best(scored)},
    }
    labels, seed = artifacts.load_labels("train"), derive_seed(read.seed, "evaluate", GAN.name)
    shown = {GAN.name: f"{GAN.name}/samples", BEST.name: f"{BEST.name}/samples"}
    made = [draws.of_prior(name, model, labels, seed, shown.get(name)) for name, model in models.items()]
    return Entry(scores, made)


def _score_snapshots(last: int, read: Read, bench: Bench) -> list[Snapshot]:
    """The distance of each epoch that was kept; copies the best one's generator."""
    kept = artifacts.load_json(artifacts.snapshots_path(GAN.folder))
    paths = {epoch: artifacts.snapshot_path(GAN.folder, epoch) for epoch in kept}
    paths[last] = GAN.folder / GENERATOR
    scored = snapshots.score_snapshots(
        ((epoch, model_files.load_model(path)) for epoch, path in paths.items()),
        bench.network.extract,
        artifacts.load_images("validation")[: read.evaluate.num_samples],
        derive_seed(read.seed, "evaluate", "snapshots"),
        artifacts.load_labels("validation"),
    )
    artifacts.copy_file(paths[snapshots.best(scored)], BEST.folder / GENERATOR)
    signature = artifacts.load_json(GAN.folder / "signature.json")[GAN.generative]
    artifacts.save_json(BEST.folder / "signature.json", {GAN.generative: signature})
    return scored


def _draw(generator: keras.Model, seed: int) -> None:
    """Write what figures show of the best generator: paths between its samples, and classes it is told."""
    untold, count = given(generator, 0), 2 * pictures.NUM_PATHS
    interpolated, walked, asked = (
        derive_seed(seed, "evaluate", purpose) for purpose in ("interpolations", "walks", "classes")
    )
    latents = inference.draw_latents(count, inference.latent_dim(generator), interpolated)
    shown = {
        "interpolations": pictures.interpolations(untold, latents),
        "explorer_walks": explorer_arrays.walks(untold, walked),
    }
    if num_classes_of(generator):
        shown["told_classes"] = told.by_class(generator, asked)
    arrays.save(BEST.name, shown)
