"""The outputs of a pipeline of two trainings, without any training, and a look into the store."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from ruamel.yaml import YAML

from latentlab.tracking import store
from tests.imports import ROOT

REPOSITORY = ROOT
STAGES = """
stages:
  train_vae:
    cmd: python stages/train_vae.py
    params: [seed, threads, vae]
    deps: [data/prepared/train_images.npy]
  train_gan:
    cmd: python stages/train_gan.py
    params: [gan]
    deps: [data/prepared/train_images.npy]
"""
SIGNATURES: dict[str, dict[str, Any]] = {
    "vae": {
        "decoder": {"inputs": [2], "outputs": [28, 28, 1]},
        "encoder": {"inputs": [28, 28, 1], "outputs": {"z_mean": [2], "z_log_var": [2]}},
    },
    "gan": {"generator": {"inputs": [100], "outputs": [28, 28, 1]}},
    "gan_best": {"generator": {"inputs": [100], "outputs": [28, 28, 1]}},
}
METRICS: dict[str, Any] = {
    "vae": {
        "kl_nats": 4.5,
        "kernel_distance": 0.25,
        "intervals": {"kernel_distance": [0.125, 0.375]},
        "class_histogram": [3, 7],
        "num_samples": 5,
    },
    "gan": {"num_samples": 5},
    "references": {"real": {"kernel_distance": 0.125}},
    "features": {"sha256": "ab"},
    "protocol": {"headline": "kernel_distance", "test_split_sha256": "cd"},
}


def enter_project(folder: Path, patch: pytest.MonkeyPatch) -> Path:
    """Make the outputs below a folder, and work there, in an environment without settings."""
    # A blank, because folders have such names.
    root = folder / "the project"
    root.mkdir()
    patch.chdir(root)
    for name in ("MLFLOW_TRACKING_URI", "DVC_ROOT", "DVC_STAGE", "DVC_EXP_NAME"):
        patch.delenv(name, raising=False)
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


def history(epochs: int) -> list[dict[str, float]]:
    return [{"epoch": epoch, "loss": 1.0 / epoch, "kl": float(epoch)} for epoch in range(1, epochs + 1)]


def write_model(name: str, signature: dict[str, Any]) -> None:
    folder = Path("models") / name
    folder.mkdir(parents=True)
    (folder / "signature.json").write_text(json.dumps(signature))
    (folder / "history.json").write_text(json.dumps(history(3)))
    (folder / "threads.json").write_text("2")
    for model in signature:
        (folder / f"{model}.keras").write_bytes(f"weights of {model}".encode())


def set_param(section: str, key: str, value: Any) -> None:
    """Change one value of params.yaml in the working directory."""
    yaml, path = YAML(typ="safe", pure=True), Path("params.yaml")
    content = yaml.load(path)
    content[section][key] = value
    yaml.dump(content, path)


def write_metrics(metrics: dict[str, Any]) -> None:
    Path("reports/metrics.json").write_text(json.dumps(metrics))


def write_verdict(verdict: dict[str, Any]) -> None:
    Path("reports/verdict.json").write_text(json.dumps(verdict))


# What `track` prints when nothing goes wrong.
SAID = """
                                                 now
vae: kernel distance                            0.25
vae: KL nats                                     4.5
The last commit has no scores to compare with.

VAE: no problem found.
Look at reports/report.html and reports/explorer.html; a row for each result: make ui
"""


def run_track(**environment: str) -> "subprocess.Popen[str]":
    """Start the stage as DVC does, in a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-W", "error::UserWarning:latentlab", REPOSITORY / "stages" / "track.py"],
        env=os.environ | {"PYTHONPATH": str(REPOSITORY / "src")} | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def runs(experiment: str) -> list[Any]:
    """All runs of an experiment, the latest first."""
    client = store.load_mlflow().MlflowClient(store.uri())
    found = client.get_experiment_by_name(experiment)
    return list(client.search_runs([found.experiment_id])) if found else []


def names_of_artifacts(run_id: str, folder: str | None = None) -> set[str]:
    client = store.load_mlflow().MlflowClient(store.uri())
    return {artifact.path for artifact in client.list_artifacts(run_id, folder)}


def steps(run: Any, metric: str) -> list[tuple[int, float]]:
    client = store.load_mlflow().MlflowClient(store.uri())
    return sorted((point.step, point.value) for point in client.get_metric_history(run.info.run_id, metric))
