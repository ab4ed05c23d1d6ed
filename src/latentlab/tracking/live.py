"""The run of a training stage, written while it trains."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy.typing as npt

from latentlab.tracking import images, records, stage_runs, store
from latentlab.tracking.background import Background

ADVICE = "Training goes on without it; the next `dvc repro` logs what is missing."


class LiveRun:
    """One stage's run in the experiment ``stages``.

    No trouble with MLflow raises here, and all waiting for it is bounded: training must not depend on it.
    """

    def __init__(self, stage: stage_runs.Stage, resume: str | None) -> None:
        """Start the run, or go on with run ``resume``."""
        self._stage, self._resume = stage, resume
        self._history: records.History = []
        self._logged: set[records.Point] = set()
        self._run_id: str | None = None
        self._store: store.Store
        self._background = Background(ADVICE)
        # Here and not on the thread: two threads that import at once can meet half-made modules.
        store.load_mlflow()
        self._started = self._background.submit(self._start)
        # Not part of the start, so that the id is kept before anything else can be interrupted.
        self._background.submit(self._log_params)

    @property
    def run_id(self) -> str | None:
        """The run's id, to be kept for a resumption; None if there is none because MLflow cannot be used."""
        return self._background.wait(self._started) or self._resume

    def log_history(self, history: records.History) -> None:
        """Log the epochs that MLflow does not have yet.

        Args:
            history: all epochs so far; each record has ``epoch``, counted from 1, and metrics by name.
        """
        self._history = [dict(record) for record in history]
        self._background.submit(self._push)

    def log_images(self, epoch: int, drawn: Mapping[str, npt.NDArray[Any]]) -> None:
        """Log the pictures that were drawn after an epoch."""
        self._background.submit(lambda: self._log_images({epoch: drawn}))

    def finish(self) -> None:
        """Log the outputs, which must all be written by now, and end the run."""
        self._close(self._finish)

    def abort(self, status: str) -> None:
        """End the run as ``FAILED`` or ``KILLED``."""
        self._close(lambda: self._store.client.set_terminated(self._run_id, status))

    def _start(self) -> str:
        self._store = store.connect()
        client = self._store.client
        run_id = stage_runs.reopen(self._store, self._resume) if self._resume else None
        if run_id:
            self._logged = records.logged_points(client, run_id)
        self._run_id = run_id or stage_runs.create(self._store, self._stage)
        return self._run_id

    def _log_params(self) -> None:
        assert self._run_id
        records.log_params(self._store.client, self._run_id, self._stage.params)

    def _push(self) -> None:
        assert self._run_id
        wanted = records.points(self._history)
        records.log_points(self._store.client, self._run_id, wanted, self._logged)

    def _log_images(self, drawn: images.Drawn) -> None:
        assert self._run_id
        images.log(self._store.client, self._run_id, self._stage.model, drawn)

    def _finish(self) -> None:
        assert self._run_id
        stage_runs.fill(self._store, self._stage, self._run_id)

    def _close(self, last_call: Any) -> None:
        self._background.wait(self._background.submit(last_call))
        self._background.close()


@contextmanager
def stage_run(
    stage: str, *, key: str, params: Mapping[str, Any], data: Path, resume: str | None = None
) -> Iterator[LiveRun]:
    """Tell MLflow of a training while it runs; the run ends as the block does.

    When the block ends well, ``models/X`` of stage ``train_X`` must hold ``history.json``, ``signature.json``
    and the models. An exception ends the run as FAILED, an interrupt as KILLED.

    Args:
        stage: name of the stage.
        key: its key, by which `track` finds the run.
        params: values that the stage used, nested or by dotted key.
        data: the array file that it trained on.
        resume: the run id of the interrupted training that goes on, if any.
    """
    live = LiveRun(stage_runs.Stage(stage, key, params, data), resume)
    try:
        yield live
    except KeyboardInterrupt:
        live.abort("KILLED")
        raise
    except BaseException:
        live.abort("FAILED")
        raise
    live.finish()
