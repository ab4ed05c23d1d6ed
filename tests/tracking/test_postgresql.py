"""A team's store, for real: MLflow's data in PostgreSQL, with and without MLflow's server in between."""

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
import sqlalchemy
import sqlalchemy.orm

from latentlab.tracking import live, stage_runs, store, tracker
from latentlab.tracking.postgresql import require
from tests.dvc_project import Finished, Project
from tests.imports import ROOT
from tests.tracking import cluster
from tests.tracking.pipeline_outputs import history, load_result, names_of_artifacts, runs, steps

WRONG = "not-the-password"


@pytest.fixture(scope="module")
def postgresql() -> Iterator[cluster.Cluster]:
    if cluster.program("initdb") is None:
        pytest.skip("PostgreSQL is not installed (Debian's package postgresql)")
    with cluster.running() as made:
        yield made


@pytest.fixture(scope="module")
def empty(postgresql: cluster.Cluster) -> str:
    """The URI of a database with MLflow's tables alone, whose creation takes seconds."""
    uri = postgresql.create("empty")
    store.load_mlflow().MlflowClient(uri, uri).search_experiments()
    return uri


def train(when_started: Callable[[], None] = lambda: None) -> str | None:
    """A training of three epochs that reports to MLflow; the id of its run."""
    stage = stage_runs.describe("train_vae")
    with live.stage_run(stage.name, key=stage.key, params=stage.params, data=stage.data) as run:
        run_id = run.run_id
        run.log_history(history(1))
        when_started()
        for epochs in (2, 3):
            run.log_history(history(epochs))
    return run_id


def track() -> None:
    tracker.track(load_result())


@pytest.mark.parametrize(
    ("uri", "reason"),
    [
        ("postgresql://me:secret@127.0.0.1:1/db", "Connection refused"),
        ("postgresql://me:se@cret@127.0.0.1:1/db", "an @ in a password is written as %40"),
        ("postgresql+pg8000://me:secret@127.0.0.1/db", r"No module named 'pg8000'\. Run `pip install"),
        ("postgresql://me:secret@127.0.0.1:port/db", "invalid literal"),
    ],
)
def test_what_cannot_be_used_is_said_without_the_password(uri: str, reason: str) -> None:
    with pytest.raises(ConnectionError, match=f"no connection to postgresql.*//127.*: .*{reason}") as caught:
        require(uri)
    assert "cret" not in str(caught.value)


@pytest.mark.parametrize("call", [train, track])
def test_a_wrong_password_is_one_warning_that_does_not_tell_it(
    call: Callable[[], Any],
    project: Path,
    postgresql: cluster.Cluster,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", postgresql.uri("postgres", WRONG))
    call()
    said, warned = capfd.readouterr()
    assert warned.startswith(
        f"warning: MLflow cannot be used: ConnectionError: no connection to "
        f"postgresql://127.0.0.1:{postgresql.port}/postgres: "
    )
    assert f'password authentication failed for user "{cluster.USER}". ' in warned
    assert warned.count("\n") == 1
    assert WRONG not in said + warned


def test_the_server_is_not_started_with_a_wrong_password(postgresql: cluster.Cluster) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "scripts.mlflow_server", "--artifacts", "nowhere"],
        cwd=ROOT,
        env=os.environ | {"DATABASE": postgresql.uri("postgres", WRONG), "PYTHONPATH": "src"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("error: no connection to postgresql://127.0.0.1:")
    assert "password authentication failed" in done.stderr
    assert done.stderr.count("\n") == 1
    assert WRONG not in done.stderr


def test_two_clones_make_one_store_of_a_fresh_database(
    project: Path, postgresql: cluster.Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    uri = postgresql.create("fresh")
    clones = [project, copytree(project, project.with_name("clone"))]
    connect = "from latentlab.tracking import store; store.connect()"
    environment = os.environ | {"PYTHONPATH": str(ROOT / "src"), "MLFLOW_TRACKING_URI": uri}
    processes = [
        subprocess.Popen([sys.executable, "-c", connect], cwd=clone, env=environment) for clone in clones
    ]
    assert [process.wait() for process in processes] == [0, 0]
    monkeypatch.setenv("MLFLOW_TRACKING_URI", uri)
    opened = store.connect()
    names = [experiment.name for experiment in opened.client.search_experiments()]
    assert sorted(names) == ["Default", "pipeline", "stages"]
    run_id = train()
    track()
    [row] = runs("pipeline")
    assert store.is_complete(row)
    assert row.data.tags["run.train_vae"] == run_id
    assert "models/vae/decoder.keras" in names_of_artifacts(row.info.run_id, "models/vae")


# That clones on one server can meet in: their rows are found by more than the id of one's own run.
SHARED = {
    "datasets",
    "experiment_tags",
    "model_version_tags",
    "registered_model_aliases",
    "registered_models",
}


@contextmanager
def quicker_writer(uri: str) -> Iterator[list[str]]:
    """Another writer, who is quicker with the first row that is to go into each of the shared tables.

    Yields:
        The tables that it was quicker with so far.
    """
    engine, won = sqlalchemy.create_engine(uri), list[str]()

    def write_first(mapper: Any, _: Any, row: Any) -> None:
        table = mapper.local_table
        if table.name in SHARED and table.name not in won:
            won.append(table.name)
            values = {column.key: getattr(row, column.key) for column in mapper.column_attrs}
            with engine.begin() as other:
                other.execute(table.insert().values(values))

    sqlalchemy.event.listen(sqlalchemy.orm.Mapper, "before_insert", write_first)
    try:
        yield won
    finally:
        sqlalchemy.event.remove(sqlalchemy.orm.Mapper, "before_insert", write_first)
        engine.dispose()


def test_a_writer_who_is_quicker_costs_nothing(
    project: Path,
    postgresql: cluster.Cluster,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    uri = postgresql.create("quicker")
    monkeypatch.setenv("MLFLOW_TRACKING_URI", uri)
    with quicker_writer(uri) as won:
        run_id = train()
        track()
    assert set(won) == SHARED
    assert capfd.readouterr().err == ""
    [row] = runs("pipeline")
    assert store.is_complete(row)
    assert row.data.tags["run.train_vae"] == run_id
    [trained] = [run for run in runs("stages") if run.info.run_id == run_id]
    assert [data.dataset.name for data in trained.inputs.dataset_inputs] == ["train_images"]


def test_a_database_that_crashes_in_mid_training_stops_nothing(
    project: Path,
    empty: str,
    postgresql: cluster.Cluster,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", empty)
    run_id = train(postgresql.stop)
    postgresql.start()
    said, warned = capfd.readouterr()
    assert run_id
    assert warned.startswith("warning: MLflow cannot be used: ")
    assert warned.count("\n") == 1
    assert cluster.PASSWORD not in said + warned
    track()
    assert capfd.readouterr().err == ""
    [row] = runs("pipeline")
    assert store.is_complete(row)
    assert row.data.tags["run.train_vae"] == run_id


@pytest.fixture(scope="module")
def server(postgresql: cluster.Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[cluster.Server]:
    """MLflow's server over a fresh database."""
    served = cluster.Server(postgresql.create("served"), tmp_path_factory.mktemp("server") / "artifacts")
    served.start()
    try:
        served.wait()
        yield served
    finally:
        served.kill()


@pytest.fixture(scope="module")
def clones(
    finished: Finished, server: cluster.Server, tmp_path_factory: pytest.TempPathFactory
) -> list[Project]:
    """Two colleagues' clones of a finished run, about to train VAEs for long, each by a seed of its own."""
    made = []
    for seed in (1, 2):
        project = finished.join(tmp_path_factory.mktemp("clone") / "latentlab")
        # A machine that runs many tests at once can be slow to answer.
        project.environment |= {"MLFLOW_TRACKING_URI": server.uri, "MLFLOW_HTTP_REQUEST_TIMEOUT": "60"}
        project.run("dvc", "pull")
        params = project.folder / "params.yaml"
        text = params.read_text().replace("seed: 1\n", f"seed: {seed}\n", 1)
        params.write_text(re.sub(r"(vae:.*?epochs: )2\n", r"\g<1>40\n", text, count=1, flags=re.DOTALL))
        made.append(project)
    return made


def log(project: Project) -> str:
    """The last stage, on what lies there: evaluation would take longer, and tells the server nothing."""
    return project.run("dvc", "repro", "--single-item", "track")


@pytest.mark.pipeline
def test_nothing_is_lost_of_two_pipelines_and_a_server_that_is_killed_meanwhile(
    clones: list[Project], server: cluster.Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One test, because the trainings and the start of a server take long."""
    command = ("dvc", "repro", "--single-item", "train_vae")
    with clones[0].started(*command) as first, clones[1].started(*command) as second:
        assert first.stdout
        assert second.stdout
        said = [read_until("epoch 5/", first.stdout), read_until("epoch 5/", second.stdout)]
        server.kill()
        server.start()
        said[0] += first.stdout.read()
        said[1] += second.stdout.read()
    assert first.returncode == second.returncode == 0
    for printed in said:
        assert printed.count("warning: MLflow cannot be used: ") == 1
        assert "Traceback" not in printed
    server.wait()
    with clones[0].started("dvc", "repro", "-s", "track") as first:
        assert "warning" not in log(clones[1])
        assert "warning" not in first.communicate()[0]

    monkeypatch.setenv("MLFLOW_TRACKING_URI", server.uri)
    trained = [run for run in runs("stages") if run.data.params.get("vae.epochs") == "40"]
    assert sorted(run.data.params["seed"] for run in trained) == ["1", "2"]
    for run in trained:
        assert run.info.status == "FINISHED"
        assert store.is_complete(run)
        assert [step for step, _ in steps(run, "train_kl")] == list(range(1, 41))
    rows = runs("pipeline")
    assert {row.data.tags["run.train_vae"] for row in rows} == {run.info.run_id for run in trained}
    assert len(rows) == 2
    assert all(store.is_complete(row) for row in rows)


def read_until(mark: str, stream: Any) -> str:
    """What a process prints, up to the line with the mark."""
    said = ""
    for line in stream:
        said += line
        if line.startswith(mark):
            break
    return said


def test_another_machine_gets_models_and_pages_from_the_server(
    clones: list[Project], server: cluster.Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log(clones[0])
    monkeypatch.setenv("MLFLOW_TRACKING_URI", server.uri)
    client = store.load_mlflow().MlflowClient(server.uri)
    row = runs("pipeline")[0]
    assert row.info.artifact_uri.startswith("mlflow-artifacts:")
    report = Path(client.download_artifacts(row.info.run_id, "report.html", str(tmp_path)))
    assert report.read_bytes() == (clones[0].folder / "reports" / "report.html").read_bytes()
    stages = client.get_experiment_by_name("stages").experiment_id
    model, *_ = client.search_logged_models([stages], "name = 'features-classifier'")
    files = store.load_mlflow().artifacts.download_artifacts(
        artifact_uri=f"models:/{model.model_id}", dst_path=str(tmp_path / "model")
    )
    [weights] = Path(files).rglob("classifier.keras")
    trained = clones[0].folder / "models" / "features" / "classifier.keras"
    assert weights.read_bytes() == trained.read_bytes()


def test_no_password_is_shown(server: cluster.Server) -> None:
    assert "mlflow" in server.commands()
    assert cluster.PASSWORD not in server.commands()
    assert cluster.PASSWORD not in server.log.read_text()
