"""A training stage as it really runs: machine set up, checkpoint claimed, MLflow told, outputs written."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import keras
import numpy as np
import numpy.typing as npt

from latentlab.core import artifacts, provenance
from latentlab.core.errors import TrainingError
from latentlab.core.settings import PARAMS, Devices, Precision, Section, check
from latentlab.data import duplicates
from latentlab.learning import batches, checkpoints, devices, loop, precision, threads
from latentlab.tracking.live import stage_run
from latentlab.trained import model_files


class FollowedError(Exception):
    """Ends what another machine does the rest of."""


class Read(Section):
    """What trainings read of params.yaml beside what is theirs.

    The classifier's stage names none of it: what measures all others is always trained alike.
    """

    precision: Precision = "float32"
    devices: Devices = 1


class TrainingRun:
    """One training of one stage, from its checkpoint to its outputs."""

    def __init__(
        self, folder: Path, checkpoint: checkpoints.Checkpoint, report: loop.Report, show: loop.Show
    ) -> None:
        """Write the outputs to ``folder``; for ``report`` and ``show`` see :func:`loop.fit`."""
        self._folder, self._checkpoint, self._report, self._show = folder, checkpoint, report, show
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
            report=self._report,
            show=self._show,
        )
        self._keep(progress)

    def _keep(self, progress: loop.Progress) -> None:
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


class Following(TrainingRun):
    """The same on another machine than the first, which alone tells MLflow and writes what comes of it."""

    def __init__(self, folder: Path) -> None:
        """Write nothing to ``folder``."""
        super().__init__(folder, checkpoints.Followed(), _tell_nobody, _tell_nobody)

    def _keep(self, progress: loop.Progress) -> None:
        raise FollowedError


def _tell_nobody(*_: object) -> None:
    """Another machine's part in reports and pictures."""


@contextmanager
def training_run(name: str) -> Iterator[TrainingRun]:
    """The run of stage ``train_NAME``; once the block ends well, its outputs in ``models/NAME`` are whole.

    On another machine than the first of a training the block ends once all is trained.
    """
    stage = f"train_{name}"
    settings = provenance.stage_params(stage)
    named = {key: value for key, value in settings.items() if key in Read.model_fields}
    read = check(Read, named, PARAMS)
    threads.use(settings["threads"])
    precision.warn(read.precision)
    key = provenance.stage_key(stage)
    with devices.using(read.devices), precision.computing_in(read.precision):
        _require_alike(key)
        with _leading(name, key, settings) if devices.leads() else _following(name) as run:
            yield run


@contextmanager
def _leading(name: str, key: str, settings: Mapping[str, Any]) -> Iterator[TrainingRun]:
    stage, folder = f"train_{name}", artifacts.MODELS / name
    root = provenance.state_folder() / "checkpoints"
    # Run once more though DVC has noted its end, a stage is forced to, and must train.
    if provenance.is_noted(stage):
        checkpoints.discard_finished(root, stage, key)
    data = artifacts.images_path("train")
    with (
        checkpoints.claim(root, stage, key) as checkpoint,
        stage_run(stage, key=key, params=settings, data=data, resume=checkpoint.run_id) as live,
    ):
        checkpoint.run_id = live.run_id
        run = TrainingRun(folder, checkpoint, live.log_history, live.log_images)
        yield run
        artifacts.save_json(folder / "history.json", run.history)
        # Beside the models, because another number gives other bits.
        artifacts.save_json(folder / "threads.json", settings["threads"])


@contextmanager
def _following(name: str) -> Iterator[TrainingRun]:
    with suppress(FollowedError):
        yield Following(artifacts.MODELS / name)


def _require_alike(key: str) -> None:
    if devices.from_first(key.encode()) != key.encode():
        raise TrainingError(
            "this machine would train something else than the first: its code, params.yaml, data, packages "
            "or number of threads differ. Make them alike, also by `threads` in params.yaml, and run again."
        )
