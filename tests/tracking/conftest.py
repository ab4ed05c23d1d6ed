import shutil
import socket
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from latentlab.tracking import store
from tests.tracking.pipeline_outputs import (
    METRICS,
    REPOSITORY,
    SIGNATURES,
    STAGES,
    write_metrics,
    write_model,
    write_verdict,
)


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
    # A blank, because folders have such names.
    root = tmp_path / "the project"
    root.mkdir()
    monkeypatch.chdir(root)
    for name in ("MLFLOW_TRACKING_URI", "DVC_ROOT", "DVC_STAGE", "DVC_EXP_NAME"):
        monkeypatch.delenv(name, raising=False)
    shutil.copytree(REPOSITORY / "presets", root / "presets")
    shutil.copy(REPOSITORY / "presets" / "default.yaml", root / "params.yaml")
    (root / "dvc.yaml").write_text(STAGES)
    (root / "data" / "prepared").mkdir(parents=True)
    np.save(root / "data" / "prepared" / "train_images.npy", np.zeros((20, 28, 28, 1), np.uint8))
    for name, signature in SIGNATURES.items():
        write_model(name, signature)
    (root / "reports" / "figures").mkdir(parents=True)
    Image.new("L", (900, 300)).save(root / "reports" / "figures" / "comparison.png")
    for page in ("report", "explorer"):
        (root / "reports" / f"{page}.html").write_text("page")
    write_metrics(METRICS)
    write_verdict({"vae": {"verdict": "VAE: no problem found.", "findings": []}})
    return root


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
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    return f"http://127.0.0.1:{port}"
