"""The row of one result: what it holds and what it says of itself; written twice it is the same as once."""

from collections.abc import Mapping

from latentlab.core import artifacts
from latentlab.core.family import Family
from latentlab.scoring import headlines, protocol
from latentlab.tracking import descriptions, experiment_page, images, models, records, store
from latentlab.tracking.result import Result

# The folder of a row's artifacts with one for each family.
SCORED = "scores"


def ensure(opened: store.Store, result: Result, stage_ids: Mapping[str, str]) -> str:
    """The id of the result's row, whole and with a description that is up to date.

    Args:
        opened: the store.
        result: what the row tells of.
        stage_ids: the ids of the stages' runs by stage.
    """
    row = store.find_run(opened.client, opened.pipeline, result.key)
    run_id = row.info.run_id if row else _create(opened, result)
    whole = row is not None and store.is_complete(row)
    if not whole:
        _fill(opened, result, run_id)
    note = descriptions.note(opened, result.summary, result.families, run_id, stage_ids)
    if not (row and whole and row.data.tags.get(descriptions.TAG) == note):
        _describe(opened, result, run_id, stage_ids, note)
    if not whole:
        records.complete(opened.client, run_id)
    return run_id


def _create(opened: store.Store, result: Result) -> str:
    tags = records.origin_tags(result.key, "stages/track.py", result.experiment)
    made = opened.client.create_run(opened.pipeline, tags=tags, run_name=result.name).info.run_id
    return store.settle(opened.client, opened.pipeline, result.key, made)


def _fill(opened: store.Store, result: Result, run_id: str) -> None:
    client = opened.client
    records.log_params(client, run_id, result.params)
    records.log_points(client, run_id, _points(result), records.logged_points(client, run_id))
    pages = (artifacts.REPORT, artifacts.EXPLORER)
    for file in (*pages, artifacts.METRICS, artifacts.VERDICT, "params.yaml"):
        client.log_artifact(run_id, file)
    client.log_artifacts(run_id, artifacts.FIGURES, "figures")
    for stage in result.stages:
        images.log(client, run_id, stage.model, stage.drawn)
        client.log_artifacts(run_id, stage.folder, stage.folder.as_posix())
    for family in result.families:
        _log_scored(opened, family, run_id)


def _log_scored(opened: store.Store, family: Family, run_id: str) -> None:
    """Log what the scoring of a family made that can be used: what it fitted, and models that it chose."""
    for file in artifacts.scores_folder(family.name).glob("*.npz"):
        opened.client.log_artifact(run_id, file, f"{SCORED}/{family.name}")
    for model in family.further:
        for file in (model.folder / "signature.json", *model.folder.glob("*.keras")):
            opened.client.log_artifact(run_id, file, f"models/{model.name}")
        models.log(opened.client, opened.pipeline, run_id, model.folder)


def _points(result: Result) -> dict[records.Point, float]:
    """Headline scores as ``model.kl_nats``, curves as ``model/kl``: the two kinds of names never meet."""
    scores = {(name, 0): value for name, value in headlines.pick(result.metrics).items()}
    curves = [records.points(stage.history, f"{stage.model}/") for stage in result.stages]
    return {point: value for part in (scores, *curves) for point, value in part.items()}


def _describe(
    opened: store.Store, result: Result, run_id: str, stage_ids: Mapping[str, str], note: str
) -> None:
    """Set what the row is filtered by and what it says, and the columns that the page of all rows shows."""
    changes = [f"{key}={value}" for key, value in result.origin.changes.items()]
    tags = {
        "preset": result.origin.preset,
        "changed": ", ".join(changes) or "nothing",
        "data.source": result.params["data"]["source"],
        **{f"run.{stage}": stage_id for stage, stage_id in stage_ids.items()},
        **{f"verdict.{model}": verdict["verdict"] for model, verdict in result.verdict.items()},
        descriptions.TAG: note,
    }
    if yardstick := protocol.yardstick(result.metrics):
        tags[records.YARDSTICK_TAG] = yardstick
    descriptions.log_thumbnails(opened.client, result.families, run_id)
    for name, value in tags.items():
        opened.client.set_tag(run_id, name, value)
    experiment_page.arrange(opened, list(headlines.by_score(result.metrics).items()))
