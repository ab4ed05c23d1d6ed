"""One row for each result, whichever stages ran.

No process sees the whole of a `dvc repro`, and stages that come from the cache do not run; so the last stage
makes the row, and makes it whole whichever of the others ran.
"""

import sqlite3
from contextlib import closing
from pathlib import Path

from filelock import FileLock

from latentlab.core import digests, provenance
from latentlab.learning import checkpoints
from latentlab.tracking import registry, rows, stage_runs, store
from latentlab.tracking.background import Background
from latentlab.tracking.result import Result

ADVICE = "The results are all there; the next `dvc repro` logs what is missing."


def track(result: Result) -> None:
    """Make sure that MLflow has the result's row and the runs of its stages, whole and once.

    If MLflow cannot be reached, this warns once and returns, and the next call tries again.
    """
    told = [store.uri(), result.key, [stage.key for stage in result.stages], result.summary]
    marker = provenance.state_folder() / "tracked" / digests.of_json(told)
    if _counts(marker):
        return
    # Not on the thread: what the import of MLflow takes is no waiting for a server.
    store.load_mlflow()
    background = Background(ADVICE)
    opened = background.wait(background.submit(store.connect))
    if opened and (
        run_id := background.wait(background.submit(lambda: _ensure(opened, result)), bounded=False)
    ):
        marker.parent.mkdir(exist_ok=True)
        marker.write_text(run_id, encoding="utf-8", newline="\n")
    background.close()


def discard_checkpoints(result: Result) -> None:
    """Remove what only a training that DVC has not noted yet could need."""
    for stage in result.stages:
        if provenance.is_noted(stage.name):
            checkpoints.discard_finished(provenance.state_folder() / "checkpoints", stage.name, stage.key)


def _counts(marker: Path) -> bool:
    """Whether a marker's row is still there, told without MLflow, whose import takes seconds.

    A server is taken at the marker's word. A database is asked, because it may be another one by now.
    """
    if not marker.exists():
        return False
    database = store.database_file()
    if database is None:
        return True
    try:
        with closing(sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            query = "SELECT 1 FROM runs WHERE run_uuid = ? AND lifecycle_stage = 'active'"
            return connection.execute(query, [marker.read_text(encoding="utf-8")]).fetchone() is not None
    except sqlite3.Error:
        return False


def _ensure(opened: store.Store, result: Result) -> str:
    """The id of the result's complete row, once its models are registered too.

    Under a lock, so that two processes do not both make one.
    """
    with FileLock(provenance.state_folder() / "row.lock"):
        stage_ids = {stage.name: stage_runs.ensure(opened, stage) for stage in result.stages}
        run_id = rows.ensure(opened, result, stage_ids)
        registry.ensure(opened, result, stage_ids)
        return run_id
