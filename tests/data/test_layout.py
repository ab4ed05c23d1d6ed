"""Folders with parts are read as such, and one that lies otherwise is told what would work."""

from pathlib import Path

import pytest

from latentlab.core.errors import DataError
from latentlab.data import layout, tree
from tests.data.test_picture_folder import load, put


def put_classes(place: Path, value: int, names: tuple[str, ...] = ("cat", "dog")) -> None:
    for number, name in enumerate(names):
        put(place, f"{name}/1.png", value + number)


@pytest.mark.parametrize(
    ("names", "splits"),
    [
        (("train", "test"), ["train", "test"]),
        (("Train", "TEST", "Valid"), ["train", "validation", "test"]),
        (("training", "testing"), ["train", "test"]),
        (("train", "val"), ["train", "validation"]),
        (("train", "validation", "test"), ["train", "validation", "test"]),
        (("train",), ["train"]),
    ],
)
def test_parts_have_their_images(tmp_path: Path, names: tuple[str, ...], splits: list[str]) -> None:
    starts = {"t": 10, "v": 30}
    for name in names:
        put_classes(
            tmp_path / "root" / name, 20 if name.lower().startswith("test") else starts[name[0].lower()]
        )
    (tmp_path / "root" / ".DS_Store").write_text("hidden")
    (tmp_path / "root" / "__MACOSX").mkdir()
    found = load(tmp_path / "root")
    values = {"train": [10, 11], "test": [20, 21], "validation": [30, 31]}
    assert list(found.parts) == splits
    assert found.classes == ["cat", "dog"]
    for split, part in found.parts.items():
        assert part.images[:, 0, 0, 0].tolist() == values[split]
        assert part.labels.tolist() == [0, 1]


def test_an_empty_part_is_none(tmp_path: Path) -> None:
    put_classes(tmp_path / "root" / "train", 1)
    (tmp_path / "root" / "val").mkdir()
    (tmp_path / "root" / "val" / ".gitkeep").touch()
    assert list(load(tmp_path / "root").parts) == ["train"]


def test_a_part_of_empty_classes_is_one(tmp_path: Path) -> None:
    for name in ("train/cat", "val/cat"):
        (tmp_path / name).mkdir(parents=True)
    assert tree.scan(str(tmp_path)).parts == {"train": "train", "validation": "val"}


def test_parts_without_classes_have_no_labels(tmp_path: Path) -> None:
    for number, name in enumerate(("train", "test")):
        put(tmp_path / "root", f"{name}/1.png", number)
    found = load(tmp_path / "root")
    assert found.classes == []
    assert {split: part.images[:, 0, 0, 0].tolist() for split, part in found.parts.items()} == {
        "train": [0],
        "test": [1],
    }


def test_other_folders_beside_parts_make_all_of_them_classes(tmp_path: Path) -> None:
    for name in ("train", "bus", "test"):
        put(tmp_path / "root", f"{name}/1.png")
    assert load(tmp_path / "root").classes == ["bus", "test", "train"]


def test_what_is_unfit_in_a_part_is_named_with_it(tmp_path: Path) -> None:
    for part in ("train", "test"):
        put_classes(tmp_path / "root" / part, 1)
    (tmp_path / "root" / "notes.txt").write_text("notes")
    (tmp_path / "root" / "test" / "dog" / "1.png").unlink()
    with pytest.raises(
        DataError, match=r"got 2 that(.|\n)*notes.txt lies beside(.|\n)*test/dog is a class without"
    ):
        load(tmp_path / "root")
    assert load(tmp_path / "root", skip_bad=True).parts["test"].labels.tolist() == [0]


def test_parts_with_other_classes_are_refused(tmp_path: Path) -> None:
    put_classes(tmp_path / "root" / "train", 1)
    put_classes(tmp_path / "root" / "test", 1, ("cat", "bird"))
    told = rf"in train alone dog and in test alone bird. .* data.path: {tmp_path}/root/train in"
    with pytest.raises(DataError, match=told):
        load(tmp_path / "root")
    put(tmp_path / "flat", "train/cat/1.png")
    put(tmp_path / "flat", "test/1.png")
    with pytest.raises(DataError, match=r"in train alone cat and in test alone nothing"):
        load(tmp_path / "flat")


def test_two_folders_for_one_part_are_refused(tmp_path: Path) -> None:
    for part in ("train", "val", "valid"):
        put_classes(tmp_path / "root" / part, 1)
    with pytest.raises(DataError, match=r"one folder for each of train, validation, got train, val, valid"):
        tree.scan(str(tmp_path / "root"))


@pytest.mark.parametrize(
    ("files", "better"),
    [
        (["images/cat/1.png", "images/dog/1.png"], ["images"]),
        (["data/train/cat/1.png", "data/test/cat/1.png"], ["data"]),
        (["train/train/cat/1.png", "test/test/cat/1.png"], ["train"]),
        (["a/b/cat/1.JPG"], ["a/b"]),
        (["a/cat/1.png", "b/dog/1.png", "readme.md"], ["a", "b"]),
        (["a/readme.md", "a/x/1.png"], ["a"]),
    ],
)
def test_images_too_deep_are_told_with_the_path_that_works(
    tmp_path: Path, files: list[str], better: list[str]
) -> None:
    for file in files:
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).touch()
    with pytest.raises(DataError, match="lie deeper") as caught:
        layout.require(tree.scan(str(tmp_path)))
    named = " or ".join(f"data.path: {tmp_path / place}" for place in better)
    assert f"Set {named} in params.yaml." in str(caught.value)
    for place in better:
        layout.require(tree.scan(str(tmp_path / place)))


def test_one_folder_too_deep_among_others_is_named_alone(tmp_path: Path) -> None:
    for file in ("cat/1.png", "cat/more/1.png"):
        put(tmp_path / "root", file)
    with pytest.raises(DataError, match="cat/more is a folder inside of a class"):
        load(tmp_path / "root")
