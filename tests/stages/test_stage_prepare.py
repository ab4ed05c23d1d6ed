"""Stage `prepare`: the arrays and the description that all later stages build on."""

import hashlib
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from ruamel.yaml import YAML

from latentlab.core import artifacts
from latentlab.core.errors import DataError
from latentlab.data import catalogue, download, folder, idx
from stages import prepare, source
from tests import idx_files
from tests.imports import ROOT


@pytest.fixture(autouse=True)
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder as the repository's root."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DVC_ROOT", raising=False)
    return tmp_path


def run_both(num_samples: int = 20, **data: Any) -> Any:
    """Both stages with the committed params but for some of the data section; gives info.json."""
    content = YAML().load(ROOT / "params.yaml")
    content["data"].update(data)
    content["evaluate"]["num_samples"] = num_samples
    YAML().dump(content, Path("params.yaml"))
    source.main()
    prepare.main()
    return artifacts.load_json(artifacts.DATA_INFO)


def saved_counts() -> list[int]:
    return [len(artifacts.load_images(split)) for split in artifacts.SPLITS]


def test_the_committed_default() -> None:
    info = run_both()
    assert info["source"] == "mnist_sample"
    assert info["shape"] == [28, 28, 1]
    assert info["classes"] == 10
    assert info["duplicates_left_out"] == 0
    assert saved_counts() == [3000, 1000, 1000]
    for split in artifacts.SPLITS:
        images, labels = artifacts.load_images(split), artifacts.load_labels(split)
        digest = hashlib.sha256(images.tobytes() + labels.tobytes()).hexdigest()
        assert info["splits"][split] == {"count": len(images), "sha256": digest}
        assert isinstance(images, np.memmap)
        assert images.dtype == labels.dtype == np.uint8


def test_outputs_are_the_same_bytes_every_time(root: Path) -> None:
    idx_files.write_folder(root / "images", 120, 40)
    runs = []
    for _ in range(2):
        run_both(source="idx", path="images")
        written = [artifacts.DATA_INFO, *artifacts.PREPARED.iterdir()]
        runs.append({path.name: path.read_bytes() for path in written})
    assert runs[0] == runs[1]
    assert len(runs[0]) == 7


def test_every_key_of_the_section_changes_something(root: Path) -> None:
    idx_files.write_folder(root / "images", 120, 40)
    idx_files.write_folder(root / "others", 180, 40)
    base = run_both(source="idx", path="images")
    seed = run_both(source="idx", path="images", split_seed=1)
    limit = run_both(source="idx", path="images", split_seed=0, limit=40)
    path = run_both(source="idx", path="others", limit=None)
    assert [base["splits"][split]["count"] for split in artifacts.SPLITS] == [100, 20, 40]
    assert seed["splits"]["train"]["sha256"] != base["splits"]["train"]["sha256"]
    assert [limit["splits"][split]["count"] for split in artifacts.SPLITS] == [40, 20, 40]
    assert path["splits"]["train"]["count"] == 150


def test_an_archive_gives_the_arrays_of_the_same_images_in_idx_files(root: Path) -> None:
    files = idx.load(folder.locate(str(idx_files.write_folder(root / "images", 120, 40))))
    (x_train, y_train), (x_test, y_test) = files
    np.savez(root / "images.npz", x_train=x_train, y_train=y_train, x_test=x_test, y_test=y_test)
    here, there = run_both(source="idx", path="images"), run_both(source="npz", path="images.npz")
    assert there == {**here, "source": "npz"}


def test_a_folder_gives_its_classes_and_what_was_skipped(root: Path) -> None:
    rng = np.random.default_rng(0)
    for number in range(120):
        folder_of_class = root / "images" / ("cats", "dogs")[number % 2]
        folder_of_class.mkdir(parents=True, exist_ok=True)
        pixels = rng.integers(0, 256, (20 + number % 3, 30, 3), dtype=np.uint8)
        Image.fromarray(pixels).save(folder_of_class / f"{number}.png")
    (root / "images" / "cats" / "copy.png").write_bytes((root / "images" / "dogs" / "1.png").read_bytes())
    (root / "images" / "cats" / "x.png").write_text("no image")
    options: dict[str, Any] = {"source": "folder", "path": "images", "size": 16}
    with pytest.raises(DataError, match=r"cats/x.png is no image"):
        run_both(**options)
    info = run_both(**options, skip_bad_files=True)
    assert (info["shape"], info["classes"], info["class_names"]) == ([16, 16, 3], 2, ["cats", "dogs"])
    assert list(info["skipped"]) == ["cats/x.png"]
    assert info["duplicates_left_out"] == 1
    assert saved_counts() == [72, 24, 24]
    assert {path.suffix for path in artifacts.PREPARED.iterdir()} == {".npy"}


def test_parts_of_a_folder_are_the_splits(root: Path) -> None:
    for part, value, count in (("Train", 0, 60), ("valid", 60, 30), ("TEST", 90, 40)):
        write_images(root / "images" / part, range(value, value + count))
    info = run_both(source="folder", path="images")
    assert (saved_counts(), info["class_names"]) == ([60, 30, 40], ["cats", "dogs"])
    values = [np.sort(artifacts.load_images(split)[:, 0, 0, 0]).tolist() for split in artifacts.SPLITS]
    assert values == [list(range(60)), list(range(60, 90)), list(range(90, 130))]


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"num_samples": 200}, r"at most 120, .* got 200. Set evaluate.num_samples: 120 in params.yaml, or"),
        (
            {"limit": 40, "num_samples": 41},
            r"evaluate.num_samples: 40 in .* or raise data.limit, which is 40",
        ),
    ],
)
def test_too_few_images_for_the_scores_are_told_before_any_training(
    root: Path, options: dict[str, Any], told: str
) -> None:
    write_images(root / "images", range(600))
    with pytest.raises(DataError, match=told):
        run_both(source="folder", path="images", **options)
    assert run_both(source="folder", path="images", **options | {"num_samples": 40})["classes"] == 2


def test_a_hundred_images_are_enough_and_fewer_are_not(root: Path) -> None:
    write_images(root / "images", range(99))
    with pytest.raises(DataError, match=r"20 different images or more for test, got 19.* 100 without parts"):
        run_both(source="folder", path="images")
    write_images(root / "images", range(100))
    run_both(source="folder", path="images")
    assert saved_counts() == [60, 20, 20]


def test_classes_of_too_few_images_each_are_told(root: Path) -> None:
    write_images(root / "images", range(120), num_classes=40)
    with pytest.raises(
        DataError, match="4 training images or more of some class, got at most 2 of each of 40"
    ):
        run_both(source="folder", path="images")


def write_images(folder: Path, values: Iterable[int], num_classes: int = 2) -> None:
    """Images of one value each, in classes by turns."""
    names = ["cats", "dogs", *map(str, range(num_classes - 2))]
    for value in values:
        path = folder / names[value % num_classes] / f"{value}.bmp"
        path.parent.mkdir(parents=True, exist_ok=True)
        pixels = np.full((8, 8), value % 256, np.uint8)
        pixels[0, 1] = value // 256
        Image.fromarray(pixels).save(path)


@pytest.mark.parametrize(("channels", "shape"), [(None, [16, 16, 1]), (3, [16, 16, 3])])
def test_any_source_can_be_resized(root: Path, channels: int | None, shape: list[int]) -> None:
    idx_files.write_folder(root / "images", 120, 40)
    assert run_both(source="idx", path="images", size=16, channels=channels)["shape"] == shape


def test_downloads_are_read_from_the_shared_cache(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A cache that holds the right files is enough; the homes here answer nobody."""
    cached = idx_files.write_folder(root / "cache" / "mnist", 120, 40, compress=True)
    checksums = {
        name: hashlib.md5((cached / f"{name}.gz").read_bytes()).hexdigest() for name in catalogue.FILES
    }
    monkeypatch.setenv("LATENTLAB_CACHE", str(root / "cache"))
    monkeypatch.setitem(catalogue.MD5, "mnist", checksums)
    monkeypatch.setitem(catalogue.HOMES, "mnist", ("http://127.0.0.1:9/",))
    assert run_both(source="mnist")["source"] == "mnist"
    assert saved_counts() == [100, 20, 40]
    assert download.cache_folder() == root / "cache"


def test_files_that_change_during_the_run_are_refused(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    idx_files.write_folder(root / "images", 120, 40)
    divide = prepare.divide

    def divide_late(*args: Any) -> Any:
        idx_files.write_folder(root / "images", 120, 41)
        return divide(*args)

    monkeypatch.setattr(prepare, "divide", divide_late)
    with pytest.raises(DataError, match=r"expected the files that data/source.json describes, got others"):
        run_both(source="idx", path="images")
    assert not artifacts.PREPARED.exists()


def test_imports_no_tensorflow_and_no_mlflow() -> None:
    slow = {"tensorflow", "keras", "mlflow", "matplotlib"}
    code = f"import sys; import stages.prepare; print({slow} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


@pytest.mark.skipif(not idx_files.REAL_MNIST.is_dir(), reason=idx_files.REAL_MNIST_ABSENT)
def test_the_real_mnist() -> None:
    run_both(source="idx", path=str(idx_files.REAL_MNIST))
    assert saved_counts() == [55_000, 5_000, 10_000]
