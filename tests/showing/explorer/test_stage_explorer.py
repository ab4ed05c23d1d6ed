import json
import re
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from latentlab.core import artifacts
from stages import explorer
from tests.imports import ROOT
from tests.tiny_learners import SHAPE, images, labels

COUNT = 30


@pytest.fixture
def outputs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What earlier stages write, as far as the page needs it."""
    monkeypatch.chdir(tmp_path)
    shutil.copy(ROOT / "params.yaml", "params.yaml")
    artifacts.save_json(artifacts.DATA_INFO, {"classes": 2})
    artifacts.save_array(artifacts.images_path("test"), images(COUNT))
    artifacts.save_array(artifacts.labels_path("test"), labels(COUNT))
    rng = np.random.default_rng(0)
    arrays: dict[str, npt.NDArray[Any]] = {
        "latents": rng.normal(size=(COUNT, 5)).astype(np.float32),
        "plane": rng.normal(size=(COUNT, 2)).astype(np.float32),
        "explorer_images": np.zeros((4, 4, *SHAPE), np.uint8),
        "explorer_axes": np.tile(np.arange(4, dtype=np.float32), (2, 1)),
        "explorer_errors": np.ones((1, 1), np.float32),
    }
    for model in ("autoencoder", "vae"):
        for name, array in arrays.items():
            artifacts.save_array(artifacts.ARRAYS / f"{model}_{name}.npy", array)
    walks = np.zeros((3, 2, *SHAPE), np.uint8)
    artifacts.save_array(artifacts.ARRAYS / "gan_best_explorer_walks.npy", walks)


@pytest.mark.usefixtures("outputs")
@pytest.mark.parametrize(("most", "count"), [(1000, COUNT), (7, 7)])
def test_the_stage_writes_a_page_of_the_first_test_images(
    most: int, count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(explorer, "MOST_POINTS", most)
    explorer.main()
    text = artifacts.EXPLORER.read_text("utf-8")
    [found] = re.findall(r'id="content">(.*?)</script>', text)
    content = json.loads(found)
    assert content["labels"] == labels(count).tolist()
    assert [model["name"] for model in content["models"]] == ["autoencoder", "vae"]
    for model in content["models"]:
        assert (len(model["points"]), model["latentDim"], model["side"]) == (count, 5, 4)
    explorer.main()
    assert artifacts.EXPLORER.read_text("utf-8") == text
