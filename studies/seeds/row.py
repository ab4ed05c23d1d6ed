"""One row in MLflow for all seeds: means under the names of a single run's scores, and spreads beside."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from filelock import FileLock

from latentlab.core import digests, provenance
from latentlab.scoring import protocol
from latentlab.tracking import records, store
from latentlab.tracking.background import Background

ADVICE = "The results are all there; run the same again to log them."


def track(content: Mapping[str, Any], params: Mapping[str, Any], files: list[Path]) -> None:
    """Make sure that MLflow has the row, whole and once; warns where MLflow cannot be reached.

    Args:
        content: of seeds.json.
        params: all of params.yaml, as the seeds had it.
        files: artifacts of the row.
    """
    values = {**params, "seed": ", ".join(map(str, content["seeds"]))}
    store.load_mlflow()
    background = Background(ADVICE)
    if opened := background.wait(background.submit(store.connect)):
        background.wait(background.submit(lambda: _ensure(opened, content, values, files)), bounded=False)
    background.close()


def points(content: Mapping[str, Any]) -> dict[records.Point, float]:
    """The numbers of the row."""
    found: dict[records.Point, float] = {("num_seeds", 0): float(len(content["seeds"]))}
    for model, scores in content["models"].items():
        for name, summary in scores.items():
            found[f"{model}.{name}", 0] = summary["mean"]
            found[f"{model}.{name}.standard_deviation", 0] = summary["standard_deviation"]
    return found


def _ensure(
    opened: store.Store, content: Mapping[str, Any], values: Mapping[str, Any], files: list[Path]
) -> None:
    client = opened.client
    key = digests.of_json([values, content])
    with FileLock(provenance.state_folder() / "row.lock"):
        row = store.find_run(client, opened.pipeline, key)
        if row and store.is_complete(row):
            return
        name = " ".join([f"{len(content['seeds'])} seeds", *content["settings"]])
        tags = records.origin_tags(key, "scripts/seeds.py", provenance.dvc_experiment())
        if yardstick := protocol.yardstick(content["conditions"]):
            tags[records.YARDSTICK_TAG] = yardstick
        made = row or client.create_run(opened.pipeline, tags=tags, run_name=name)
        run_id = made.info.run_id
        records.log_params(client, run_id, values)
        records.log_points(client, run_id, points(content), records.logged_points(client, run_id))
        for file in files:
            client.log_artifact(run_id, file)
        records.complete(client, run_id)
