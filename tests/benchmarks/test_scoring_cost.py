"""What is run to measure the cost of scoring: hardly any training, and all of the scoring."""

import shutil
from pathlib import Path

from benchmarks.evaluation import write_params
from latentlab.families import params
from tests.imports import ROOT


def test_no_model_trains_longer_than_it_must(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "presets", tmp_path / "presets")
    shutil.copy(ROOT / "params.yaml", tmp_path)
    write_params(tmp_path, tmp_path / "mnist")
    values = params.load(tmp_path / "params.yaml").model_dump()
    epochs = {
        name: section["epochs"]
        for name, section in values.items()
        if isinstance(section, dict) and "epochs" in section
    }
    assert epochs == dict.fromkeys(["features", "vae", "autoencoder", "gan"], 1)
    assert values["gan"]["steps_per_epoch"] == 1
    assert values["data"]["path"] == str(tmp_path / "mnist")
