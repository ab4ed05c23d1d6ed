import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from latentlab.core import artifacts
from latentlab.families import arrays
from latentlab.families.together import explorer as together
from stages import explorer
from tests.tiny_learners import SHAPE, images, labels

COUNT = 30


@pytest.fixture
def outputs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What earlier stages write, as far as the page needs it."""
    monkeypatch.chdir(tmp_path)
    artifacts.save_json(artifacts.DATA_INFO, {"classes": 2})
    artifacts.save_json(artifacts.YARDSTICK, {"trusted": True, "because": "It sees all."})
    artifacts.save_array(artifacts.images_path("test"), images(COUNT))
    artifacts.save_array(artifacts.labels_path("test"), labels(COUNT))
    rng = np.random.default_rng(0)
    drawn: dict[str, npt.NDArray[Any]] = {
        "latents": rng.normal(size=(COUNT, 5)).astype(np.float32),
        "plane": rng.normal(size=(COUNT, 2)).astype(np.float32),
        "explorer_images": np.zeros((4, 4, *SHAPE), np.uint8),
        "explorer_axes": np.tile(np.arange(4, dtype=np.float32), (2, 1)),
        "explorer_errors": np.ones((1, 1), np.float32),
    }
    for model in ("autoencoder", "vae"):
        arrays.save(model, drawn)
    arrays.save("gan_best", {"explorer_walks": np.zeros((3, 2, *SHAPE), np.uint8)})


def written() -> str:
    explorer.main()
    return artifacts.EXPLORER.read_text("utf-8")


def content(text: str) -> Any:
    """What the page's script is given."""
    [found] = re.findall(r'id="content">(.*?)</script>', text)
    return json.loads(found)


@pytest.mark.usefixtures("outputs")
@pytest.mark.parametrize(("most", "count"), [(1000, COUNT), (7, 7)])
def test_the_stage_writes_a_page_of_the_first_test_images(
    most: int, count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(together, "MOST_POINTS", most)
    text = written()
    given = content(text)
    assert given["labels"] == labels(count).tolist()
    assert [model["name"] for model in given["models"]] == ["autoencoder", "vae"]
    for model in given["models"]:
        assert (len(model["points"]), model["latentDim"], model["side"]) == (count, 5, 4)
    assert written() == text


@pytest.mark.usefixtures("outputs")
def test_what_is_told_the_class_says_so() -> None:
    assert "class 0" not in written()
    for model in ("vae", "gan_best"):
        arrays.save(model, {"told_classes": images(2)[:, np.newaxis]})
    text = " ".join(written().split())
    assert re.findall(r'data-for="(\w+)"><b>Vary the style', text) == ["vae"]
    assert "class 0 throughout" in text


@pytest.mark.usefixtures("outputs")
def test_scores_that_cannot_be_believed_are_warned_of() -> None:
    assert "no verdict on quality" not in written()
    artifacts.save_json(artifacts.YARDSTICK, {"trusted": False, "because": "It sees nothing."})
    assert "There is no verdict on quality here. It sees nothing." in written()


@pytest.mark.usefixtures("outputs")
def test_walks_are_those_of_the_last_model_that_has_any() -> None:
    assert [(walked["name"], walked["steps"]) for walked in content(written())["walks"]] == [("gan", 2)]
    (artifacts.scores_folder("gan") / "gan_best" / "explorer_walks.npy").unlink()
    assert content(written())["walks"] == []
    arrays.save("gan", {"explorer_walks": np.zeros((3, 4, *SHAPE), np.uint8)})
    assert [walked["steps"] for walked in content(written())["walks"]] == [4]
