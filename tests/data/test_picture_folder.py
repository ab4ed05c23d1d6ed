"""A folder of images: labels by subfolder, everything unfit named at once, and nothing else left out."""

import os
import shutil
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from latentlab.core import mapped
from latentlab.core.arrays import Images
from latentlab.core.errors import DataError
from latentlab.data import fingerprint, picture_folder, tree
from latentlab.data.picture_folder import Folder
from latentlab.data.pictures import Picture


def put(root: Path, name: str, value: int = 0, shape: tuple[int, ...] = (8, 8)) -> Path:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(np.full(shape, value, np.uint8)).save(path)
    return path


def load(root: Path, **options: Any) -> Folder:
    chosen = {"size": None, "channels": None, "skip_bad": False, **options}

    def keep(blocks: Iterable[Images]) -> Images:
        return mapped.spool(blocks, root.parent / "spool")

    return picture_folder.load(tree.scan(str(root)), keep=keep, **chosen)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Two classes, of three images and one."""
    for name, value in (("Äpfel/1.png", 1), ("Äpfel/2.bmp", 2), ("Äpfel/10.png", 3), ("birne/x.png", 4)):
        put(tmp_path / "root", name, value)
    return tmp_path / "root"


def test_labels_are_the_folders_in_order(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = load(root)
    assert found.classes == ["birne", "Äpfel"]
    assert found.parts["train"].images[:, 0, 0, 0].tolist() == [4, 1, 3, 2]
    assert found.parts["train"].labels.tolist() == [0, 1, 1, 1]
    assert found.parts["train"].images.shape == (4, 8, 8, 1)
    assert "class birne has one image, which is for training alone" in capsys.readouterr().out


def test_numbers_count_by_their_value(tmp_path: Path) -> None:
    for name in ("10", "9", "b", "a"):
        put(tmp_path / "root", f"{name}/i.png")
    assert load(tmp_path / "root").classes == ["9", "10", "a", "b"]


def test_a_flat_folder_has_no_labels(tmp_path: Path) -> None:
    for value in (1, 2):
        put(tmp_path / "root", f"{value}.png", value)
    (tmp_path / "root" / ".DS_Store").write_text("hidden")
    (tmp_path / "root" / "Thumbs.db").write_text("left behind")
    found = load(tmp_path / "root")
    assert (found.classes, found.parts["train"].labels.tolist()) == ([], [0, 0])


def test_order_holds_over_many_blocks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(picture_folder, "FILES_PER_BLOCK", 3)
    for value in range(10):
        put(tmp_path / "root", f"{value:02}.png", value)
    assert load(tmp_path / "root").parts["train"].images[:, 0, 0, 0].tolist() == list(range(10))


def test_one_file_in_colour_makes_all_rgb(root: Path) -> None:
    put(root, "birne/y.png", 5, (8, 8, 3))
    assert load(root).parts["train"].images.shape == (5, 8, 8, 3)
    assert load(root, channels=1).parts["train"].images.shape == (5, 8, 8, 1)


def test_sizes_that_differ_are_named_or_made_one(root: Path) -> None:
    put(root, "birne/y.png", 5, (10, 12))
    with pytest.raises(DataError, match=r"one size.*2 sizes: 4 of 8 x 8, 1 of 12 x 10. Set data.size"):
        load(root)
    assert load(root, size=16).parts["train"].images.shape == (5, 16, 16, 1)
    put(root, "birne/z.png", 5, (300, 300))
    with pytest.raises(DataError, match=r"sides of 8 to 256 pixels, got 300 x 300. Set data.size"):
        load(root)


def test_after_one_that_is_too_large_no_more_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Photographs of a camera, unpacked, would fill the memory before the message came."""
    begun: list[Path] = []

    def read(path: Path, size: int | None, channels: int) -> Picture:
        begun.append(path)
        time.sleep(0.01)
        return Picture(np.zeros((300, 300, 3), np.uint8), grey=False)

    monkeypatch.setattr(picture_folder.pictures, "read", read)
    monkeypatch.setattr(picture_folder.provenance, "threads", lambda setting: 2)
    for value in range(100):
        put(tmp_path / "root", f"{value:02}.png", value)
    with pytest.raises(DataError, match="got 300 x 300"):
        load(tmp_path / "root")
    assert len(begun) < 50


def test_all_that_is_unfit_is_named_at_once_and_skipped_if_asked_for(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (root / "Äpfel" / "text.png").write_text("no image")
    (root / "birne" / "y.png").write_bytes((root / "birne" / "x.png").read_bytes()[:-30])
    (root / "birne" / "notes.txt").write_text("notes")
    (root / "empty").mkdir()
    put(root, "birne/deeper/a.png")
    put(root, "loose.png")
    reasons = {
        "loose.png": "lies beside the folders of the classes",
        "birne/deeper": "is a folder inside of a class",
        "birne/notes.txt": "is no image by its name",
        "birne/y.png": "cannot be read: ",
        "Äpfel/text.png": "is no image that can be read",
        "empty": "is a class without an image that can be read",
    }
    with pytest.raises(DataError, match=r"got 6 that cannot be used:") as caught:
        load(root)
    lines = str(caught.value).splitlines()
    assert lines[-1].startswith("Mend or remove them, or set data.skip_bad_files: true in params.yaml")
    expected = [f"  {name} {why}" for name, why in reasons.items()]
    assert [line[: len(start)] for line, start in zip(lines[1:7], expected, strict=True)] == expected
    found = load(root, skip_bad=True)
    assert list(found.skipped) == list(reasons)
    assert found.classes == ["birne", "Äpfel"]
    assert len(found.parts["train"].labels) == 4
    assert "\n".join(lines[1:7]) in capsys.readouterr().out


def test_nothing_to_read_is_refused(tmp_path: Path) -> None:
    (tmp_path / "root").mkdir()
    with pytest.raises(DataError, match="expected images, got none"):
        load(tmp_path / "root")
    for path in (None, "absent"):
        with pytest.raises(DataError, match=r"data.path: expected a folder of images, got"):
            tree.scan(path)


def test_too_many_files_are_refused(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tree, "MAX_FILES", 3)
    with pytest.raises(DataError, match="at most 3 files, got 4"):
        load(root)
    monkeypatch.setattr(tree, "MAX_FILES", 4)
    assert len(load(root).parts["train"].labels) == 4


def test_more_classes_than_a_byte_can_count_are_refused(tmp_path: Path) -> None:
    for number in range(257):
        put(tmp_path / "root", f"{number}/i.bmp")
    with pytest.raises(DataError, match="at most 256 folders of classes, got 257"):
        load(tmp_path / "root")
    shutil.rmtree(tmp_path / "root" / "256")
    assert load(tmp_path / "root").parts["train"].labels.tolist() == list(range(256))


def test_names_that_are_no_text_can_be_read(root: Path) -> None:
    path = os.fsencode(root / "birne") + b"/\xff.png"
    os.link(put(root, "birne/y.png", 9), path)
    Path(os.fsdecode(path)).write_text("no image")
    assert list(load(root, skip_bad=True).skipped) == ["birne/y.png", "birne/\\xff.png"]


def test_every_change_shows_in_the_fingerprint(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DVC_ROOT", str(root.parent))
    found = [fingerprint.of("folder", "root")]

    def note() -> None:
        found.append(fingerprint.of("folder", "root"))

    (root / ".hidden").write_text("does not count")
    assert fingerprint.of("folder", "root") == found[0]
    put(root, "birne/x.png", 5)
    note()
    (root / "birne/x.png").rename(root / "birne/y.png")
    note()
    (root / "birne/y.png").rename(root / "Äpfel/y.png")
    note()
    (root / "birne").rmdir()
    note()
    (root / "Äpfel/1.png").unlink()
    note()
    put(root, "new.png", 5)
    note()
    put(root, "Äpfel/1.png", 1)
    note()
    assert len({one["sha256"] for one in found}) == len(found)
    assert [one["files"] for one in found] == [4, 4, 4, 4, 4, 3, 3, 4]


def test_the_fingerprint_is_that_of_the_contents_alone(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DVC_ROOT", str(tmp_path))
    before = fingerprint.of("folder", "root")
    root.rename(tmp_path / "elsewhere")
    (tmp_path / "elsewhere" / "birne" / "x.png").touch()
    assert fingerprint.of("folder", "elsewhere") == before
