"""The run of one training stage: what it holds in the end, logged live or from the stage's outputs."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from latentlab.core import artifacts, digests, provenance
from latentlab.tracking import images, models, records, store

# Params of how a machine computes, which are tags as well: runs that differ in them have other bits.
MACHINE = ("threads", "precision", "devices")


@dataclass(frozen=True)
class Stage:
    """A training stage as MLflow shows it.

    Attributes:
        name: ``train_X``.
        key: hash over all that decides its outputs.
        params: values that it used.
        data: the array file that it trained on.
    """

    name: str
    key: str
    params: Mapping[str, Any]
    data: Path

    @property
    def model(self) -> str:
        """The X of ``train_X``."""
        return self.folder.name

    @property
    def folder(self) -> Path:
        """Where the stage's outputs lie."""
        return _folder(self.name)

    @property
    def history(self) -> records.History:
        """The metrics of each epoch, as the stage wrote them."""
        return artifacts.load_json(self.folder / "history.json")

    @property
    def drawn(self) -> images.Drawn:
        """The pictures that the training drew, by epoch."""
        epochs = self.params.get(self.model, {}).get("sample_epochs", ())
        files = {name: self.folder / f"{name}.npy" for name in images.SHOWN}
        arrays = {name: artifacts.load_array(path) for name, path in files.items() if path.exists()}
        return {
            epoch: {name: array[index] for name, array in arrays.items()}
            for index, epoch in enumerate(epochs)
        }


def describe(name: str) -> Stage:
    """A stage of dvc.yaml that has run, here or where its outputs were pulled from.

    Raises:
        ArtifactError: one of its outputs or dependencies is missing.
    """
    used_threads = artifacts.load_json(_folder(name) / "threads.json")
    values = provenance.stage_params(name, used_threads)
    return Stage(name, provenance.stage_key(name, used_threads), values, artifacts.images_path("train"))


def create(opened: store.Store, stage: Stage) -> str:
    """Start a run that says where the stage comes from; returns its id."""
    experiment = provenance.dvc_experiment()
    tags = records.origin_tags(stage.key, provenance.script(stage.name), experiment)
    tags |= {name: str(stage.params[name]) for name in MACHINE if name in stage.params}
    name = f"{stage.model} {experiment or stage.key[:8]}"
    return opened.client.create_run(opened.stages, tags=tags, run_name=name).info.run_id


def reopen(opened: store.Store, run_id: str) -> str | None:
    """Let an interrupted run go on; returns its id, or None where the store has no such run (any more)."""
    from mlflow.exceptions import MlflowException

    try:
        run = opened.client.get_run(run_id)
    except MlflowException as error:
        if error.error_code == "RESOURCE_DOES_NOT_EXIST":
            return None
        raise
    if run.info.lifecycle_stage != "active":
        return None
    opened.client.update_run(run_id, status="RUNNING")
    return run_id


def fill(opened: store.Store, stage: Stage, run_id: str) -> None:
    """Log whatever the run lacks of the stage's outputs, and end it."""
    client = opened.client
    records.log_params(client, run_id, stage.params)
    records.log_points(client, run_id, records.points(stage.history), records.logged_points(client, run_id))
    images.log(client, run_id, stage.model, stage.drawn)
    _log_data(client, run_id, stage.data)
    models.log(client, opened.stages, run_id, stage.folder)
    records.complete(client, run_id)


def ensure(opened: store.Store, stage: Stage) -> str:
    """The id of the stage's complete run, made from its outputs where MLflow missed the training."""
    run = store.find_run(opened.client, opened.stages, stage.key)
    if run and store.is_complete(run):
        return run.info.run_id
    run_id = run.info.run_id if run else _create_once(opened, stage)
    fill(opened, stage, run_id)
    return run_id


def _create_once(opened: store.Store, stage: Stage) -> str:
    return store.settle(opened.client, opened.stages, stage.key, create(opened, stage))


def _folder(stage: str) -> Path:
    return artifacts.MODELS / stage.removeprefix("train_")


def _log_data(client: Any, run_id: str, path: Path) -> None:
    """Name the training images by DVC's digest, so that a run tells which version of them it saw."""
    from mlflow.entities import Dataset, DatasetInput, InputTag

    data = Dataset(
        name=path.stem,
        digest=digests.dvc(path),
        source_type="local",
        source=json.dumps({"uri": path.as_posix()}),
        profile=json.dumps({"shape": artifacts.load_array(path).shape}),
    )
    client.log_inputs(run_id, [DatasetInput(data, [InputTag("mlflow.data.context", "training")])])
