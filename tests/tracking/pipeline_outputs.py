"""The outputs of a pipeline of two trainings, without any training, and a look into the store."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from ruamel.yaml import YAML

from latentlab.core import artifacts, origin
from latentlab.families import params, roster
from latentlab.families.latents import fitted, samplers
from latentlab.tracking import result, store
from tests import presets
from tests.imports import ROOT

REPOSITORY = ROOT
STAGES = """
stages:
  train_vae:
    cmd: python stages/train.py vae
    params: [seed, threads, vae]
    deps: [data/prepared/train_images.npy]
  train_gan:
    cmd: python stages/train.py gan
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


def enter_project(folder: Path, patch: pytest.MonkeyPatch, name: str = "the project") -> Path:
    """Make the outputs below a folder, and work there, in an environment without settings."""
    # With a blank in its name, because folders have such names.
    root = folder / name
    root.mkdir()
    patch.chdir(root)
    for name in ("MLFLOW_TRACKING_URI", "DVC_ROOT", "DVC_STAGE", "DVC_EXP_NAME"):
        patch.delenv(name, raising=False)
    write_params(presets.values())
    (root / "dvc.yaml").write_text(STAGES)
    (root / "data" / "prepared").mkdir(parents=True)
    np.save(root / "data" / "prepared" / "train_images.npy", np.zeros((20, 28, 28, 1), np.uint8))
    for name, signature in SIGNATURES.items():
        write_model(roster.models()[name][1].folder, signature)
    fitted.save(artifacts.scores_folder("vae"), {"gaussian": samplers.gaussian(np.eye(2, dtype=np.float32))})
    # For figures alone.
    np.save(artifacts.scores_folder("gan") / "gan_best" / "samples.npy", np.zeros(1))
    (root / "reports" / "figures").mkdir(parents=True)
    Image.new("L", (900, 300)).save(root / "reports" / "figures" / "comparison.png")
    for page in ("report", "explorer"):
        (root / "reports" / f"{page}.html").write_text("page")
    write_metrics(METRICS)
    write_verdict({"vae": {"verdict": "VAE: no problem found.", "findings": []}})
    return root


def history(epochs: int) -> list[dict[str, float]]:
    return [{"epoch": epoch, "loss": 1.0 / epoch, "kl": float(epoch)} for epoch in range(1, epochs + 1)]


def write_model(folder: Path, signature: dict[str, Any]) -> None:
    folder.mkdir(parents=True)
    (folder / "signature.json").write_text(json.dumps(signature))
    (folder / "history.json").write_text(json.dumps(history(3)))
    (folder / "threads.json").write_text("2")
    for model in signature:
        (folder / f"{model}.keras").write_bytes(f"weights of {model}".encode())


def set_param(section: str, key: str, value: Any) -> None:
    """Change one value of params.yaml in the working directory."""
    content = YAML(typ="safe", pure=True).load(Path("params.yaml"))
    content[section][key] = value
    write_params(content)


def write_params(content: dict[str, Any]) -> None:
    """Write params.yaml, and where it comes from as the stage `source` does."""
    YAML(typ="safe", pure=True).dump(content, Path("params.yaml"))
    artifacts.save_json(artifacts.PRESET, origin.of(content, presets.values(), presets.FOLDER)._asdict())


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


def load_result() -> result.Result:
    """What the outputs come to, as the stage `track` reads it."""
    return result.load(params.values(), roster.FAMILIES)


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
