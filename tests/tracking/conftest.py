import shutil
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from latentlab.tracking import store
from tests.tracking.pipeline_outputs import enter_project
from tests.tracking.ports import free_port


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with MLflow's tables alone, whose creation takes seconds."""
    path = tmp_path_factory.mktemp("store") / "empty.db"
    uri = f"sqlite:///{path}"
    store.load_mlflow().MlflowClient(uri, uri).search_experiments()
    return path


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The outputs of a pipeline of two trainings, as the working directory, and no store yet."""
    return enter_project(tmp_path, monkeypatch)


@pytest.fixture
def database(project: Path, empty_database: Path) -> Path:
    """The project with a store that has no runs yet."""
    return Path(shutil.copy(empty_database, project / "mlflow.db"))


@pytest.fixture
def black_hole() -> Iterator[str]:
    """The address of a server that accepts and never answers."""
    with socket.create_server(("127.0.0.1", 0), backlog=100) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


@pytest.fixture
def refusing() -> str:
    """An address at which nobody listens."""
    return f"http://127.0.0.1:{free_port()}"
