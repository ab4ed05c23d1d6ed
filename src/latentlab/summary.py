"""One row in MLflow for each result of the pipeline, made from the outputs of its stages alone.

No process sees the whole of a `dvc repro`, and stages that come from the cache do not run; so the last stage
makes the row, and makes it whole whichever of the others ran.
"""

import hashlib
import json
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from filelock import FileLock

from latentlab import artifacts, checkpoints, params, provenance
from latentlab.metrics import protocol
from latentlab.tracking import models, records, stage_runs, store
from latentlab.tracking.background import Background

ADVICE = "The results are all there; the next `dvc repro` logs what is missing."


@dataclass(frozen=True)
class Result:
    """What one run of the pipeline came to.

    Attributes:
        params: all of params.yaml, by section.
        metrics: all of ``reports/metrics.json``.
        verdict: all of ``reports/verdict.json``.
        stages: the training stages behind it.
    """

    params: dict[str, Any]
    metrics: dict[str, Any]
    verdict: dict[str, Any]
    stages: list[stage_runs.Stage]

    @cached_property
    def key(self) -> str:
        """What makes this result this one: its params and what they led to."""
        return _hash([self.params, self.metrics])

    @property
    def name(self) -> str:
        """The row's name: the DVC experiment's, else the revision and the key, both short."""
        revision = provenance.git_revision() or "no-revision"
        return provenance.dvc_experiment() or f"{revision[:7]}-{self.key[:8]}"


def load() -> Result:
    """The result that lies in the working directory.

    Raises:
        ArtifactError: an output of an earlier stage is missing.
        ParamsError: params.yaml is unfit.
    """
    stages = [stage_runs.describe(name) for name in provenance.training_stages()]
    values = params.load().model_dump(mode="json")
    return Result(
        values, artifacts.load_json(artifacts.METRICS), artifacts.load_json(artifacts.VERDICT), stages
    )


def track(result: Result) -> None:
    """Make sure that MLflow has the result's row and the runs of its stages, whole and once.

    If MLflow cannot be reached, this warns once and returns, and the next call tries again.
    """
    marker = (
        provenance.state_folder()
        / "tracked"
        / _hash([store.uri(), result.key, [s.key for s in result.stages]])
    )
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
        marker.write_text(run_id)
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
    database = store.database()
    if database is None:
        return True
    try:
        with closing(sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            query = "SELECT 1 FROM runs WHERE run_uuid = ? AND lifecycle_stage = 'active'"
            return connection.execute(query, [marker.read_text()]).fetchone() is not None
    except sqlite3.Error:
        return False


def _ensure(opened: store.Store, result: Result) -> str:
    """The id of the result's complete row; under a lock, so that two processes do not both make one."""
    with FileLock(provenance.state_folder() / "row.lock"):
        links = {stage.name: stage_runs.ensure(opened, stage) for stage in result.stages}
        row = store.find_run(opened.client, opened.pipeline, result.key)
        if row and store.is_complete(row):
            return row.info.run_id
        run_id = row.info.run_id if row else _create(opened, result)
        _fill(opened, result, run_id, links)
        return run_id


def _create(opened: store.Store, result: Result) -> str:
    tags = records.origin_tags(result.key, "stages/track.py")
    return opened.client.create_run(opened.pipeline, tags=tags, run_name=result.name).info.run_id


def _fill(opened: store.Store, result: Result, run_id: str, links: dict[str, str]) -> None:
    client = opened.client
    records.log_params(client, run_id, result.params)
    records.log_points(client, run_id, _points(result), records.logged_points(client, run_id))
    client.log_artifact(run_id, artifacts.METRICS)
    client.log_artifact(run_id, artifacts.VERDICT)
    client.log_artifact(run_id, artifacts.REPORT)
    client.log_artifact(run_id, "params.yaml")
    client.log_artifacts(run_id, artifacts.FIGURES, "figures")
    for stage in result.stages:
        client.log_artifacts(run_id, stage.folder, stage.folder.as_posix())
    client.log_artifacts(run_id, artifacts.GAN_BEST, artifacts.GAN_BEST.as_posix())
    models.log(client, opened.pipeline, run_id, artifacts.GAN_BEST)
    if yardstick := protocol.yardstick(result.metrics):
        client.set_tag(run_id, records.YARDSTICK_TAG, yardstick)
    for model, verdict in result.verdict.items():
        client.set_tag(run_id, f"verdict.{model}", verdict["verdict"])
    _describe(opened, result, run_id, links)
    records.complete(client, run_id)


def _points(result: Result) -> dict[records.Point, float]:
    """Scores as ``vae.kl_nats``, curves as ``vae/kl``: the two kinds of names never meet."""
    scores = {(name, 0): float(value) for name, value in records.numbers(result.metrics).items()}
    curves = [records.points(stage.history, f"{stage.model}/") for stage in result.stages]
    return {point: value for part in (scores, *curves) for point, value in part.items()}


def _describe(opened: store.Store, result: Result, run_id: str, links: dict[str, str]) -> None:
    """Describe the row by its verdicts, and by links to the stage runs and their models."""
    lines = [
        *(f"{verdict['verdict']}\n" for verdict in result.verdict.values()),
        "Stage runs and their models:\n",
    ]
    for stage, stage_run in links.items():
        opened.client.set_tag(run_id, f"run.{stage}", stage_run)
        lines.append(f"- [{stage}](#/experiments/{opened.stages}/runs/{stage_run})")
        for name, model in models.logged(opened.client, opened.stages, stage_run).items():
            lines.append(f"  - [{name}](#/experiments/{opened.stages}/models/{model}): `models:/{model}`")
    opened.client.set_tag(run_id, "mlflow.note.content", "\n".join(lines))


def _hash(content: Any) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
