import re
import shutil
import sqlite3
import time
from contextlib import AbstractContextManager, closing
from pathlib import Path

import pytest
from PIL import Image

from latentlab.core import provenance
from latentlab.core.errors import ArtifactError
from latentlab.learning import checkpoints
from latentlab.scoring import protocol
from latentlab.tracking import (
    live,
    models,
    records,
    rows,
    stage_runs,
    store,
    tracker,
)
from tests.tracking.pipeline_outputs import (
    METRICS,
    SAID,
    history,
    load_result,
    names_of_artifacts,
    run_track,
    runs,
    set_param,
    steps,
    write_metrics,
    write_verdict,
)


def track() -> None:
    tracker.track(load_result())


def train_vae() -> AbstractContextManager[live.LiveRun]:
    stage = stage_runs.describe("train_vae")
    return live.stage_run("train_vae", key=stage.key, params=stage.params, data=stage.data)


def test_row_holds_the_whole_result(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DVC_EXP_NAME", "smoky-owl")
    set_param("features", "filters", [3, 5])
    set_param("vae", "kl_weight", 0.01)
    track()
    [row] = runs("pipeline")
    assert row.info.status == "FINISHED"
    assert row.info.run_name == "default features.filters=[3, 5] vae.kl_weight=0.01 · smoky-owl"
    assert row.data.tags["preset"] == "default"
    assert row.data.tags["changed"] == "features.filters=[3, 5], vae.kl_weight=0.01"
    assert row.data.tags["data.source"] == "mnist_sample"
    assert row.data.params["vae.kl_weight"] == "0.01"
    assert row.data.params["features.filters"] == "[3, 5]"
    assert row.data.params["gan.batch_norm"] == "true"
    assert row.data.params["data.source"] == "mnist_sample"
    assert row.data.params["threads"] == "null"
    assert {name for name in row.data.metrics if "." in name} == {"vae.kl_nats", "vae.kernel_distance"}
    assert row.data.metrics["vae.kl_nats"] == 4.5
    assert steps(row, "vae/loss") == [(1, 1.0), (2, 0.5), (3, 1 / 3)]
    assert steps(row, "gan/kl") == [(1, 1.0), (2, 2.0), (3, 3.0)]
    run_id = row.info.run_id
    files = {"explorer.html", "metrics.json", "params.yaml", "report.html", "verdict.json"}
    assert names_of_artifacts(run_id) == {"figures", "models", "scores", "thumbnails", *files}
    assert names_of_artifacts(run_id, "figures") == {"figures/comparison.png"}
    assert names_of_artifacts(run_id, "thumbnails") == {"thumbnails/comparison.png"}
    assert "models/gan/generator.keras" in names_of_artifacts(run_id, "models/gan")
    best = {f"models/gan_best/{name}" for name in ("generator.keras", "signature.json")}
    assert names_of_artifacts(run_id, "models/gan_best") == best
    assert names_of_artifacts(run_id, "scores/vae") == {"scores/vae/samplers.npz"}
    assert names_of_artifacts(run_id, "scores") == {"scores/vae"}
    opened = store.connect()
    assert list(models.logged(opened.client, opened.pipeline, run_id)) == ["gan_best-generator"]


def test_the_row_names_what_it_was_measured_with(database: Path) -> None:
    metrics = {
        "vae": {"num_samples": 5},
        "gan": {"num_samples": 5},
        "features": {"sha256": "ab"},
        "protocol": {"test_split_sha256": "cd"},
    }
    write_metrics(metrics)
    track()
    [row] = runs("pipeline")
    assert row.data.tags[records.YARDSTICK_TAG] == protocol.yardstick(metrics)


def test_an_old_description_of_a_whole_row_is_brought_up_to_date(database: Path) -> None:
    track()
    [row] = runs("pipeline")
    client = store.connect().client
    client.set_tag(row.info.run_id, "mlflow.note.content", "what an older version said")
    client.delete_tag(row.info.run_id, "preset")
    client.log_metric(row.info.run_id, "vae.class_histogram.0", 3.0)
    # As if what is said had changed: the marker is another one.
    write_verdict({"vae": {"verdict": "VAE: problems: mode collapse.", "findings": []}})
    track()
    [again] = runs("pipeline")
    assert again.info.run_id == row.info.run_id
    assert again.data.tags["mlflow.note.content"].startswith("VAE: problems: mode collapse.\n")
    assert again.data.tags["verdict.vae"] == "VAE: problems: mode collapse."
    assert again.data.tags["preset"] == "default"
    assert again.data.metrics["vae.class_histogram.0"] == 3.0


def test_finished_checkpoints_go_once_dvc_has_noted_the_stage(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = provenance.state_folder() / "checkpoints"
    found = load_result()
    for stage in found.stages:
        with checkpoints.claim(root, stage.name, stage.key):
            pass
    monkeypatch.setattr(provenance, "is_noted", lambda stage: stage == "train_gan")
    tracker.discard_checkpoints(found)
    [folder] = root.glob("*/")
    assert folder.name.startswith("train_vae-")


def test_row_links_the_stage_runs_and_their_models(database: Path) -> None:
    track()
    [row] = runs("pipeline")
    stages = {run.info.run_id: run for run in runs("stages")}
    assert {row.data.tags["run.train_vae"], row.data.tags["run.train_gan"]} == set(stages)
    [generator] = stages[row.data.tags["run.train_gan"]].outputs.model_outputs
    note = row.data.tags["mlflow.note.content"]
    assert row.data.tags["verdict.vae"] == "VAE: no problem found."
    assert note.startswith("VAE: no problem found.\n")
    assert f"](get-artifact?path=thumbnails/comparison.png&run_uuid={row.info.run_id})" in note
    assert f"/runs/{row.data.tags['run.train_vae']}" in note
    assert f"[gan-generator](#/experiments/{row.info.experiment_id}" not in note
    assert f"`models:/{generator.model_id}`" in note


def test_the_description_shows_the_comparison_and_then_a_picture_of_each_family(database: Path) -> None:
    for name in ("vae_manifold_used", "gan_progress", "gan_best"):
        shutil.copy("reports/figures/comparison.png", f"reports/figures/{name}.png")
    track()
    [row] = runs("pipeline")
    shown = re.findall(r"!\[(\w+)\]\(get-artifact", row.data.tags["mlflow.note.content"])
    assert shown == ["comparison", "vae_manifold_used", "gan_progress"]
    kept = Path(row.info.artifact_uri, "thumbnails")
    assert sorted(path.stem for path in kept.iterdir()) == sorted(shown)
    for name, size in (("comparison", (820, 273)), ("gan_progress", (395, 132))):
        with Image.open(kept / f"{name}.png") as picture:
            assert picture.size == size


def test_stage_runs_are_made_from_outputs_where_mlflow_missed_the_training(database: Path) -> None:
    track()
    by_name = {run.data.tags["mlflow.source.name"]: run for run in runs("stages")}
    vae = by_name["stages/train.py vae"]
    assert vae.info.status == "FINISHED"
    assert vae.data.params["vae.kl_weight"] == "0.002"
    assert [step for step, _ in steps(vae, "kl")] == [1, 2, 3]
    assert len(vae.outputs.model_outputs) == 2
    assert len(vae.inputs.dataset_inputs) == 1


def test_live_runs_are_found_by_their_key(database: Path) -> None:
    with train_vae() as run:
        run.log_history(history(3))
    track()
    [row] = runs("pipeline")
    assert row.data.tags["run.train_vae"] == run.run_id
    assert len(runs("stages")) == 2


def test_two_machines_that_train_alike_at_once_have_a_run_each_and_one_row(database: Path) -> None:
    """As experiments of a sweep do that share a stage."""
    with train_vae() as one:
        one.log_history(history(1))
        with train_vae() as other:
            other.log_history(history(3))
        # The other is done and has its result, while this one trains on.
        track()
        one.log_history(history(3))
    track()
    [row] = runs("pipeline")
    assert row.data.tags["run.train_vae"] in {one.run_id, other.run_id}
    trained = [run for run in runs("stages") if run.data.tags["mlflow.source.name"] == "stages/train.py vae"]
    assert {run.info.run_id for run in trained} == {one.run_id, other.run_id}
    assert [(run.info.status, store.is_complete(run)) for run in trained] == [("FINISHED", True)] * 2
    assert [[step for step, _ in steps(run, "loss")] for run in trained] == [[1, 2, 3]] * 2


def test_a_run_whose_machine_is_gone_is_in_nobodys_way(database: Path) -> None:
    """It stays as it was left, since nobody can know that it is not trained on elsewhere."""
    gone = stage_runs.create(store.connect(), stage_runs.describe("train_vae"))
    with train_vae() as again:
        again.log_history(history(3))
    track()
    [row] = runs("pipeline")
    assert row.data.tags["run.train_vae"] == again.run_id != gone
    assert store.connect().client.get_run(gone).info.status == "RUNNING"


def test_a_run_that_the_server_lost_sight_of_is_completed_without_duplicates(database: Path) -> None:
    stage = stage_runs.describe("train_vae")
    opened = store.connect()
    run_id = stage_runs.create(opened, stage)
    records.log_points(opened.client, run_id, records.points(history(2)), set())
    track()
    assert runs("pipeline")[0].data.tags["run.train_vae"] == run_id
    run = opened.client.get_run(run_id)
    assert store.is_complete(run)
    assert [step for step, _ in steps(run, "loss")] == [1, 2, 3]


def test_a_row_that_was_left_in_the_middle_is_completed(
    database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*_: object) -> None:
        raise OSError("the machine went down")

    with monkeypatch.context() as patch:
        patch.setattr(rows, "_describe", crash)
        track()
    [row] = runs("pipeline")
    assert not store.is_complete(row)
    track()
    [row] = runs("pipeline")
    assert store.is_complete(row)
    assert len(steps(row, "vae/loss")) == 3
    assert len(runs("stages")) == 2


def test_each_result_has_one_row(database: Path) -> None:
    track()
    track()
    assert len(runs("pipeline")) == 1
    set_param("vae", "kl_weight", 0.01)
    write_metrics({"vae": {"kl_nats": 1.5}})
    track()
    assert len(runs("pipeline")) == 2
    set_param("vae", "kl_weight", 0.002)
    write_metrics(METRICS)
    track()
    for marker in (provenance.state_folder() / "tracked").iterdir():
        marker.unlink()
    track()
    assert sorted(row.data.params["vae.kl_weight"] for row in runs("pipeline")) == ["0.002", "0.01"]


def test_equal_results_of_two_clones_make_one_row(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second clone looks for a row before the first has made it, and makes its own after that."""
    track()
    [row] = runs("pipeline")
    opened, found = store.connect(), load_result()
    monkeypatch.setattr(store, "find_run", lambda *_: None)
    stage_ids = {stage.name: stage_runs.ensure(opened, stage) for stage in found.stages}
    assert rows.ensure(opened, found, stage_ids) == row.info.run_id
    assert [again.info.run_id for again in runs("pipeline")] == [row.info.run_id]
    assert len(runs("stages")) == 2


def test_outputs_of_another_machine_belong_to_the_run_there(database: Path) -> None:
    """As after `dvc pull` where `threads: null` means another number."""
    Path("models/vae/threads.json").write_text("64")
    stage = stage_runs.describe("train_vae")
    assert stage.params["threads"] == 64
    track()
    [run] = [run for run in runs("stages") if run.data.tags["mlflow.source.name"] == "stages/train.py vae"]
    assert run.data.tags["threads"] == run.data.params["threads"] == "64"
    assert run.data.tags["latentlab.key"] == stage.key


def test_an_applied_experiment_names_the_row(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(provenance, "applied_experiment", lambda: "smoky-owl")
    track()
    [row] = runs("pipeline")
    assert row.info.run_name == "default · smoky-owl"
    assert row.data.tags["dvc.experiment"] == "smoky-owl"
    assert not [run for run in runs("stages") if "dvc.experiment" in run.data.tags]


def test_a_deleted_row_comes_back(database: Path) -> None:
    track()
    [row] = runs("pipeline")
    store.connect().client.delete_run(row.info.run_id)
    track()
    [again] = runs("pipeline")
    assert again.info.run_id != row.info.run_id


def test_a_tracked_result_needs_no_mlflow(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    track()
    monkeypatch.setattr(store, "load_mlflow", lambda: pytest.fail("MLflow was imported"))
    track()


def test_markers_hold_for_one_store_only(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    track()
    other = database.with_name("other.db")
    other.write_bytes(database.read_bytes())
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{other}")
    tried: list[bool] = []
    monkeypatch.setattr(store, "connect", lambda: tried.append(True))
    track()
    assert tried == [True]


def test_missing_outputs_are_an_error(database: Path) -> None:
    Path("models/vae/history.json").unlink()
    with pytest.raises(ArtifactError, match=r"history\.json is missing"):
        track()
    Path("reports/metrics.json").unlink()
    with pytest.raises(ArtifactError, match=r"metrics\.json is missing"):
        track()


def test_two_processes_on_a_fresh_store_make_one_row(project: Path) -> None:
    for process in [run_track(), run_track()]:
        out, err = process.communicate(timeout=120)
        assert (process.returncode, out, err) == (0, SAID, "")
    assert len(runs("stages")) == 2
    [row] = runs("pipeline")
    assert not list(Path().glob("mlruns*"))
    assert row.info.artifact_uri.startswith(str(project / "mlartifacts" / "pipeline"))


def test_a_deleted_database_is_rebuilt(database: Path) -> None:
    track()
    database.unlink()
    # Another process, because this one still holds the deleted file open.
    assert run_track().communicate(timeout=120) == (SAID, "")
    with closing(sqlite3.connect(database)) as connection:
        names = connection.execute(
            "SELECT experiments.name FROM experiments JOIN runs USING (experiment_id)"
        ).fetchall()
    assert sorted(name for (name,) in names) == ["pipeline", "stages", "stages"]


def test_a_temporary_experiment_tells_the_main_repository(
    database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = tmp_path / "copy"
    Path.cwd().rename(tmp_path / "main")
    shutil.copytree(tmp_path / "main", copy)
    (copy / "mlflow.db").unlink()
    monkeypatch.chdir(copy)
    monkeypatch.setenv("DVC_ROOT", str(tmp_path / "main"))
    track()
    assert len(runs("pipeline")) == 1
    assert not list(copy.glob("ml*"))
    assert not (copy / ".latentlab").exists()


@pytest.mark.parametrize("server", ["refusing", "black_hole"])
def test_without_a_server_track_warns_once_and_the_next_one_logs_what_is_missing(
    server: str, database: Path, request: pytest.FixtureRequest
) -> None:
    started = time.monotonic()
    process = run_track(MLFLOW_TRACKING_URI=request.getfixturevalue(server))
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (0, SAID)
    assert err.startswith("warning: MLflow cannot be used")
    assert len(err.splitlines()) == 1
    assert time.monotonic() - started < 30
    track()
    assert len(runs("pipeline")) == 1
    assert len(runs("stages")) == 2
