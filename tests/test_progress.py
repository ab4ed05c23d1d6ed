"""The picture of distance over minutes, from results of presets."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from latentlab.core import artifacts
from scripts import fill_pages, progress


def found(epochs: dict[int, float], seconds: float) -> dict[str, Any]:
    snapshots = [{"epoch": epoch, "distance": distance} for epoch, distance in epochs.items()]
    metrics = {"vae": {"recall": 1.0}, "gan": {"snapshots": snapshots}}
    return {"metrics": metrics, "seconds": {"train_vae": 1.0, "train_gan": seconds}}


def test_a_snapshot_comes_after_its_share_of_the_minutes() -> None:
    assert progress.curve(found({5: 0.5, 20: 0.1}, seconds=1200)) == ([5.0, 20.0], [0.5, 0.1])


def test_each_result_that_is_there_is_a_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fill_pages, "RESULTS", tmp_path)
    artifacts.save_json(tmp_path / "mnist.json", found({2: 0.4, 4: 0.2}, seconds=240))
    [line] = progress.draw().axes[0].lines
    assert (line.get_label(), np.asarray(line.get_xydata()).tolist()) == (
        "the preset mnist",
        [[2.0, 0.4], [4.0, 0.2]],
    )
    artifacts.save_json(tmp_path / "lecture.json", found({10: 0.9, 50: 0.3}, seconds=6000))
    assert [line.get_label() for line in progress.draw().axes[0].lines] == list(progress.SHOWN.values())
