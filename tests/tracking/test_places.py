"""Where the runs lie: in the main repository, whatever its folder is called and from wherever it is run."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from latentlab.core import provenance
from latentlab.tracking import store
from tests.tracking.pipeline_outputs import enter_project, names_of_artifacts, run_track, runs

NAMES = ["a%2Fb", "a%20b", "a b", "ä#?"]


@pytest.mark.parametrize("name", NAMES)
def test_runs_lie_in_a_folder_of_any_name(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project = enter_project(tmp_path, monkeypatch, name)
    store.connect()  # Here, because a busy machine may take longer to make a database than the stage waits.
    process = run_track()
    _, said = process.communicate()
    assert (process.returncode, said) == (0, "")
    with closing(sqlite3.connect(project / "mlflow.db")) as connection:
        assert connection.execute("SELECT count(*) FROM runs").fetchone() == (3,)
    [row] = runs("pipeline")
    assert "models/vae/decoder.keras" in names_of_artifacts(row.info.run_id, "models/vae")
    assert list((project / "mlartifacts" / "pipeline").glob("*/artifacts/report.html"))
    assert [path.name for path in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("chosen", ["sqlite:///runs/mlflow.db", "sqlite:///./runs/mlflow.db?timeout=20"])
def test_a_relative_database_is_the_main_repositorys(
    name: str, chosen: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also in a copy of it, as `dvc exp run --temp` and the queue make it."""
    copy, main = tmp_path / "copy", tmp_path / name
    copy.mkdir()
    main.mkdir()
    monkeypatch.chdir(copy)
    monkeypatch.setenv("DVC_ROOT", str(main))
    monkeypatch.setenv("MLFLOW_TRACKING_URI", chosen)
    assert provenance.dvc_root() == main
    assert store.database_file() == main / "runs" / "mlflow.db"
    assert store.uri().endswith(chosen.removeprefix("sqlite:///./").removeprefix("sqlite:///"))


@pytest.mark.parametrize(
    "chosen", ["sqlite:////tmp/runs.db", "sqlite://", "http://host:5000", "postgresql://host/runs"]
)
def test_what_is_not_relative_stays_as_it_was_chosen(chosen: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", chosen)
    assert store.uri() == chosen
