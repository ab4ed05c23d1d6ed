"""A training stage as it really runs: machine set up, checkpoint claimed, MLflow told, outputs written."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import keras
import numpy as np
import numpy.typing as npt

from latentlab.core import artifacts, provenance
from latentlab.core.settings import Precision, Section, load_part
from latentlab.data import duplicates
from latentlab.learning import batches, checkpoints, devices, loop, precision, threads
from latentlab.tracking.live import LiveRun, stage_run
from latentlab.trained import model_files


class Read(Section):
    """What all trainings of families read of params.yaml beside what is theirs."""

    precision: Precision


class TrainingRun:
    """One training of one stage, from its checkpoint to its outputs."""

    def __init__(self, folder: Path, checkpoint: checkpoints.Checkpoint, live: LiveRun) -> None:
        """Write the outputs to ``folder``."""
        self._folder, self._checkpoint, self._live = folder, checkpoint, live
        # Stays empty for what is computed in closed form.
        self.history: checkpoints.History = []

    def fit(
        self,
        learner: loop.Learner,
        feed: batches.Feed,
        validation: batches.Arrays,
        schedule: loop.Schedule,
    ) -> None:
        """Train, or go on where a killed training stopped, and write the samples."""
        progress = loop.fit(
            learner,
            feed,
            validation,
            schedule,
            checkpoint=self._checkpoint,
            report=self._live.log_history,
            show=self._live.log_images,
        )
        self.history = progress.history
        for name in progress.samples[0] if progress.samples else ():
            drawn = np.stack([sample[name] for sample in progress.samples])
            artifacts.save_array(self._folder / f"{name}.npy", drawn)

    def save_snapshots(self, epochs: Collection[int]) -> None:
        """Write the snapshots that were taken after these epochs, and their list."""
        for epoch in epochs:
            # A copy, because a kill may come before the outputs are complete.
            source = self._checkpoint.snapshot_path(epoch)
            artifacts.copy_file(source, artifacts.snapshot_path(self._folder, epoch))
        artifacts.save_json(artifacts.snapshots_path(self._folder), list(epochs))

    def save(self, models: Mapping[str, keras.Model], images: npt.NDArray[np.uint8]) -> None:
        """Write the models, their signatures, and the hashes of the images that they were trained on."""
        for name, model in models.items():
            model_files.save_model(self._folder / f"{name}.keras", model)
        signatures = {name: model_files.signature(model) for name, model in models.items()}
        artifacts.save_json(self._folder / "signature.json", signatures)
        artifacts.save_array(self._folder / artifacts.TRAINING_HASHES, duplicates.short_hashes(images))


@contextmanager
def training_run(name: str) -> Iterator[TrainingRun]:
    """The run of stage ``train_NAME``; once the block ends well, its outputs in ``models/NAME`` are whole."""
    stage, folder = f"train_{name}", artifacts.MODELS / name
    settings = provenance.stage_params(stage)
    threads.use(settings["threads"])
    # The classifier's stage names none: what measures all others has one precision.
    chosen = load_part(Read).precision if "precision" in settings else "float32"
    precision.warn(chosen)
    key = provenance.stage_key(stage)
    root = provenance.state_folder() / "checkpoints"
    # Run once more though DVC has noted its end, a stage is forced to, and must train.
    if provenance.is_noted(stage):
        checkpoints.discard_finished(root, stage, key)
    data = artifacts.images_path("train")
    with (
        # The classifier's stage names none: what measures all others is always trained on one.
        devices.using(settings.get("devices", 1)),
        checkpoints.claim(root, stage, key) as checkpoint,
        stage_run(stage, key=key, params=settings, data=data, resume=checkpoint.run_id) as live,
        precision.computing_in(chosen),
    ):
        checkpoint.run_id = live.run_id
        run = TrainingRun(folder, checkpoint, live)
        yield run
        artifacts.save_json(folder / "history.json", run.history)
        # Beside the models, because another number gives other bits.
        artifacts.save_json(folder / "threads.json", settings["threads"])
