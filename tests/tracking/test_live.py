import hashlib
import time
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from latentlab.core.errors import ArtifactError
from latentlab.tracking import live, stage_runs, store
from tests.tracking.pipeline_outputs import history, runs, steps

IMAGES = Path("data/prepared/train_images.npy")


def stage_run(resume: str | None = None) -> AbstractContextManager[live.LiveRun]:
    params = {"seed": 1, "threads": 2, "precision": "bfloat16", "devices": 4, "vae": {"kl_weight": 0.002}}
    return live.stage_run("train_vae", key="a" * 64, params=params, data=IMAGES, resume=resume)


def train_two_epochs_and_raise(error: type[BaseException]) -> None:
    with stage_run() as run:
        run.log_history(history(2))
        raise error


def test_a_training_becomes_one_complete_run(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DVC_STAGE", "train_vae")
    monkeypatch.setenv("DVC_EXP_NAME", "smoky-owl")
    with stage_run() as run:
        for epochs in range(4):
            run.log_history(history(epochs))
    [logged] = runs("stages")
    assert logged.info.run_id == run.run_id
    assert logged.info.status == "FINISHED"
    assert store.is_complete(logged)
    told = {"seed": "1", "threads": "2", "precision": "bfloat16", "devices": "4"}
    assert logged.data.params == {**told, "vae.kl_weight": "0.002"}
    tags = logged.data.tags
    assert tags["latentlab.key"] == "a" * 64
    assert (tags["dvc.stage"], tags["dvc.experiment"]) == ("train_vae", "smoky-owl")
    assert "git.dirty" not in tags  # Nobody knows: it is no repository.
    assert (tags["threads"], tags["precision"], tags["devices"]) == ("2", "bfloat16", "4")
    assert steps(logged, "loss") == [(1, 1.0), (2, 0.5), (3, 1 / 3)]
    [data] = logged.inputs.dataset_inputs
    assert data.dataset.digest == hashlib.md5(IMAGES.read_bytes()).hexdigest()


def test_points_arrive_while_training_goes_on(database: Path) -> None:
    with stage_run() as run:
        assert run.run_id
        run.log_history(history(1))
        deadline = time.monotonic() + 10
        while not steps(runs("stages")[0], "loss") and time.monotonic() < deadline:
            time.sleep(0.02)
        assert steps(runs("stages")[0], "loss") == [(1, 1.0)]
        run.log_history(history(3))


@pytest.mark.parametrize(("error", "status"), [(KeyboardInterrupt, "KILLED"), (ValueError, "FAILED")])
def test_an_interrupted_run_says_so_and_goes_on(
    database: Path, error: type[BaseException], status: str
) -> None:
    with pytest.raises(error):
        train_two_epochs_and_raise(error)
    [run] = runs("stages")
    assert run.info.status == status
    assert not store.is_complete(run)
    run_id = run.info.run_id
    with stage_run(resume=run_id) as second:
        assert second.run_id == run_id
        assert runs("stages")[0].info.status == "RUNNING"
        second.log_history(history(2))
        second.log_history(history(3))
    [run] = runs("stages")
    assert run.info.status == "FINISHED"
    assert [step for step, _ in steps(run, "loss")] == [1, 2, 3]


def test_a_run_that_the_store_does_not_know_is_started_anew(database: Path) -> None:
    with stage_run(resume="0" * 32) as run:
        run.log_history(history(3))
    [logged] = runs("stages")
    assert logged.info.run_id == run.run_id != "0" * 32


def test_a_missing_output_is_not_taken_for_trouble_of_the_server(database: Path) -> None:
    Path("models/vae/signature.json").unlink()
    with pytest.raises(ArtifactError, match=r"signature\.json is missing"), stage_run():
        pass


def test_a_server_that_is_away_does_not_make_a_run_forgotten(
    project: Path, refusing: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", refusing)
    with stage_run(resume="0" * 32) as run:
        assert run.run_id == "0" * 32


def test_a_server_that_goes_away_leaves_a_run_that_track_completes(
    database: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def go_away(*_: object) -> None:
        raise OSError("connection reset")

    stage = stage_runs.describe("train_vae")
    with (
        monkeypatch.context() as patch,
        live.stage_run("train_vae", key=stage.key, params=stage.params, data=stage.data) as run,
    ):
        run_id = run.run_id
        run.log_history(history(1))
        patch.setattr(stage_runs, "fill", go_away)
    assert capsys.readouterr().err.count("warning: MLflow cannot be used: OSError: connection reset.") == 1
    assert stage_runs.ensure(store.connect(), stage) == run_id
    [logged] = runs("stages")
    assert store.is_complete(logged)
    assert [step for step, _ in steps(logged, "loss")] == [1, 2, 3]


@pytest.mark.parametrize("server", ["refusing", "black_hole"])
def test_training_neither_dies_nor_waits_long_without_a_server(
    server: str,
    project: Path,
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", request.getfixturevalue(server))
    store.load_mlflow()
    started = time.monotonic()
    with stage_run() as run:
        assert run.run_id is None
        assert not Path("mlflow.db").exists()
        for epochs in range(50):
            run.log_history(history(epochs))
    assert time.monotonic() - started < 10
    assert capsys.readouterr().err.count("warning: MLflow cannot be used") == 1
