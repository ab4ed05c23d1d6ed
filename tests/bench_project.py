"""A folder with images of two classes and a classifier of them, in which models wait to be scored."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from ruamel.yaml import YAML

from latentlab.core import artifacts, settings
from latentlab.data import duplicates
from latentlab.learning import threads
from latentlab.scoring import bench, networks
from latentlab.scoring.settings import Scoring
from latentlab.trained import model_files
from tests import presets
from tests.tiny_learners import build_classifier, images, labels

NUM_SAMPLES = 100
COUNTS: dict[artifacts.Split, int] = {"train": 40, "validation": 30, "test": 120}


def prepare(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make it the working directory, with the tiny preset but for what is scored."""
    monkeypatch.chdir(folder)
    monkeypatch.delenv("DVC_ROOT", raising=False)
    # TensorFlow takes no other number once it has computed anything.
    monkeypatch.setattr(threads, "use", lambda threads: None)
    set_params(evaluate={"num_samples": NUM_SAMPLES, "minimum_accuracy": 0.0, "importance_images": 5})
    for seed, (split, count) in enumerate(COUNTS.items()):
        artifacts.save_array(artifacts.images_path(split), images(count, seed))
        artifacts.save_array(artifacts.labels_path(split), labels(count))
    artifacts.save_json(artifacts.INCEPTION_SOURCE, {"sha256": None})
    model_files.save_model(networks.path("classifier"), build_classifier().model)
    artifacts.save_json(artifacts.YARDSTICK, {"network": "classifier"})
    note_training(artifacts.FEATURES)


def set_params(**changes: dict[str, Any]) -> None:
    """Write params.yaml: the tiny preset, with changes by section."""
    values = presets.values("tiny")
    for section, changed in changes.items():
        values[section] |= changed
    YAML(typ="safe", pure=True).dump(values, settings.PARAMS)


def note_training(folder: Path, split: artifacts.Split = "train") -> None:
    """Write what a training has seen."""
    hashes = duplicates.short_hashes(artifacts.load_images(split))
    artifacts.save_array(folder / artifacts.TRAINING_HASHES, hashes)


def open_bench(*trained: Path) -> bench.Bench:
    return bench.set_up(settings.load_part(Scoring), trained)


def shapes(folder: Path) -> dict[str, tuple[int, ...]]:
    """Of all arrays in a folder, by name."""
    return {path.stem: np.load(path).shape for path in folder.glob("*.npy")}
