"""Files between stages are whole or absent, the same bytes for the same content, and explain themselves."""

import errno
import io
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from matplotlib.figure import Figure
from PIL import Image, ImageSequence

from latentlab.core import artifacts
from latentlab.core.errors import ArtifactError


@pytest.fixture(autouse=True)
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder as the repository's root."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_json_comes_back_and_is_the_same_bytes(root: Path) -> None:
    content = {"b": [1, 2.5, None], "a": "ä"}
    path = root / "new" / "folder" / "content.json"
    artifacts.save_json(path, content)
    first = path.read_bytes()
    assert artifacts.load_json(path) == content
    assert first.decode() == '{\n  "b": [\n    1,\n    2.5,\n    null\n  ],\n  "a": "ä"\n}\n'
    artifacts.save_json(path, content)
    assert path.read_bytes() == first
    assert [file.name for file in path.parent.iterdir()] == ["content.json"]


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_json_refuses_what_json_does_not_have(value: float, root: Path) -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        artifacts.save_json(root / "content.json", {"score": value})
    assert not list(root.iterdir())


def test_arrays_are_mapped_and_cannot_be_changed(root: Path) -> None:
    array = np.arange(6, dtype=np.float32).reshape(2, 3)
    artifacts.save_array(root / "array.npy", array)
    loaded = artifacts.load_array(root / "array.npy")
    assert isinstance(loaded, np.memmap)
    assert loaded.dtype == np.float32
    np.testing.assert_array_equal(loaded, array)
    with pytest.raises(ValueError, match="read-only"):
        loaded[0, 0] = 1


def test_arrays_of_objects_are_neither_written_nor_read(root: Path) -> None:
    objects = np.array([{}, None], dtype=object)
    with pytest.raises(ValueError, match="allow_pickle=False"):
        artifacts.save_array(root / "array.npy", objects)
    assert not list(root.iterdir())
    np.save(root / "array.npy", objects, allow_pickle=True)
    with pytest.raises(ArtifactError, match=r"array\.npy is damaged"):
        artifacts.load_array(root / "array.npy")


def test_named_arrays_come_back_and_are_the_same_bytes_at_any_time(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    arrays = {"means": np.arange(6.0).reshape(2, 3), "a.b": np.array([7], np.uint8)}
    artifacts.save_arrays(root / "new" / "arrays.npz", arrays)
    first = (root / "new" / "arrays.npz").read_bytes()
    loaded = artifacts.load_arrays(root / "new" / "arrays.npz")
    assert list(loaded) == list(arrays)
    for name, array in arrays.items():
        assert loaded[name].dtype == array.dtype
        np.testing.assert_array_equal(loaded[name], array)
    monkeypatch.setattr(time, "time", lambda: 2e9)
    artifacts.save_arrays(root / "new" / "arrays.npz", arrays)
    assert (root / "new" / "arrays.npz").read_bytes() == first
    artifacts.save_arrays(root / "none.npz", {})
    assert artifacts.load_arrays(root / "none.npz") == {}


@pytest.mark.parametrize("keep", [0, 10, -1], ids=["empty", "start", "one byte short"])
def test_damaged_and_missing_named_arrays_say_what_to_do(keep: int, root: Path) -> None:
    path = root / "arrays.npz"
    with pytest.raises(ArtifactError, match=r"arrays\.npz is missing\. Run `dvc repro`"):
        artifacts.load_arrays(path)
    artifacts.save_arrays(path, {"a": np.zeros(100)})
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(ArtifactError, match=r"arrays\.npz is damaged: .* Delete it and run `dvc repro`"):
        artifacts.load_arrays(path)


def test_named_arrays_of_objects_are_neither_written_nor_read(root: Path) -> None:
    objects = np.array([{}, None], dtype=object)
    with pytest.raises(ValueError, match="allow_pickle=False"):
        artifacts.save_arrays(root / "arrays.npz", {"a": objects})
    assert not list(root.iterdir())
    np.savez(root / "arrays.npz", a=objects)
    with pytest.raises(ArtifactError, match=r"arrays\.npz is damaged"):
        artifacts.load_arrays(root / "arrays.npz")


def test_each_scoring_has_a_folder() -> None:
    assert artifacts.scores_path("a") == artifacts.scores_folder("a") / "scores.json"
    assert artifacts.scores_path("a") == Path("reports/scores/a/scores.json")
    assert artifacts.ladders_path() == Path("reports/scores/references/ladders.npz")
    snapshot = artifacts.snapshot_path(artifacts.MODELS / "a", 7)
    assert snapshot.name == "epoch_007.keras"
    assert artifacts.snapshots_path(artifacts.MODELS / "a").parent == snapshot.parent


def test_a_copy_has_the_bytes_of_its_source_and_a_missing_source_leaves_nothing(root: Path) -> None:
    (root / "source").write_bytes(b"bytes")
    artifacts.copy_file(root / "source", root / "new" / "copy")
    assert (root / "new" / "copy").read_bytes() == b"bytes"
    with pytest.raises(ArtifactError, match=r"other could not be written: .*absent"):
        artifacts.copy_file(root / "absent", root / "new" / "other")
    assert [file.name for file in (root / "new").iterdir()] == ["copy"]


def test_figures_are_the_same_bytes_and_name_no_software(root: Path) -> None:
    for name in ("a.png", "b.png"):
        figure = Figure()
        figure.subplots().plot([1, 2, 4])
        artifacts.save_figure(root / name, figure)
    assert (root / "a.png").read_bytes() == (root / "b.png").read_bytes()
    assert (root / "a.png").read_bytes().startswith(b"\x89PNG")
    assert b"atplotlib" not in (root / "a.png").read_bytes()


def test_an_animation_shows_its_last_picture_for_longer(root: Path) -> None:
    """In milliseconds; and it begins again for ever."""
    artifacts.save_animation(root / "a.gif", [Image.new("L", (2, 2), grey) for grey in (0, 100, 200)])
    with Image.open(root / "a.gif") as animation:
        shown = [frame.info["duration"] for frame in ImageSequence.Iterator(animation)]
        assert (shown, animation.info["loop"]) == ([700, 700, 2500], 0)


def test_an_interrupted_write_leaves_the_old_file_alone(root: Path) -> None:
    path = root / "content.json"
    artifacts.save_json(path, "old")
    with pytest.raises(KeyboardInterrupt), artifacts.replacing(path) as temporary:  # noqa: PT012
        temporary.write_text("half of the n")
        assert artifacts.load_json(path) == "old"
        raise KeyboardInterrupt
    assert artifacts.load_json(path) == "old"
    assert [file.name for file in root.iterdir()] == ["content.json"]


def test_a_full_disk_is_explained_and_leaves_nothing(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fill_up(file: Any, *_: Any, **__: Any) -> None:
        file.write(b"half")
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(np, "save", fill_up)
    with pytest.raises(
        ArtifactError, match=r"array\.npy could not be written: .*No space left.*Free disk space"
    ):
        artifacts.save_array(root / "array.npy", np.zeros(3))
    assert not list(root.iterdir())


def test_a_file_in_the_place_of_a_folder_is_explained(root: Path) -> None:
    (root / "reports").write_text("a file")
    with pytest.raises(ArtifactError, match=r"reports/metrics\.json could not be written"):
        artifacts.save_json(artifacts.METRICS, {})
    with pytest.raises(ArtifactError, match=r"reports/scores/a/b\.npy could not be written"):
        artifacts.save_array(artifacts.scores_folder("a") / "b.npy", np.zeros(3))


def test_what_is_missing_says_how_it_is_made() -> None:
    with pytest.raises(ArtifactError, match=r"^reports/metrics\.json is missing\. Run `dvc repro`"):
        artifacts.load_json(artifacts.METRICS)
    with pytest.raises(ArtifactError, match=r"^data/prepared/train_images\.npy is missing\. Run `dvc repro`"):
        artifacts.load_images("train")
    with pytest.raises(ArtifactError, match=r"^reports/figures/a\.png is missing\. Run `dvc repro`"):
        artifacts.load_bytes(artifacts.FIGURES / "a.png")


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b'{"a": 1} more'])
def test_damaged_json_says_what_to_do(content: bytes, root: Path) -> None:
    (root / "content.json").write_bytes(content)
    with pytest.raises(ArtifactError, match=r"content\.json is damaged: .* Delete it and run `dvc repro`"):
        artifacts.load_json(root / "content.json")


@pytest.mark.parametrize("keep", [0, 5, 100, -1], ids=["empty", "magic", "header", "one byte short"])
def test_truncated_arrays_say_what_to_do(keep: int, root: Path) -> None:
    path = root / "array.npy"
    artifacts.save_array(path, np.zeros((10, 10)))
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(ArtifactError, match=r"array\.npy is damaged: .* Delete it and run `dvc repro`"):
        artifacts.load_array(path)


def test_an_archive_is_no_array(root: Path) -> None:
    np.savez(root / "archive.npz", a=np.zeros(3))
    (root / "archive.npz").rename(root / "array.npy")
    with pytest.raises(ArtifactError, match=r"array\.npy is damaged"):
        artifacts.load_array(root / "array.npy")


def as_npy(array: Any) -> bytes:
    file = io.BytesIO()
    np.save(file, array)
    return file.getvalue()


def with_header(text: str, elements: bytes = b"\1" * 24) -> bytes:
    """An array file of this header."""
    header = text.encode()
    return b"\x93NUMPY\1\0" + len(header).to_bytes(2, "little") + header + elements


NPY = as_npy(np.arange(24, dtype=np.uint8).reshape(2, 3, 4, 1))
EDITS = st.lists(st.tuples(st.integers(0, len(NPY) - 1), st.integers(0, 255)), max_size=4).map(dict)
LENGTHS = st.lists(st.integers(-2, 5) | st.integers(-(2**70), 2**70), max_size=5).map(tuple)
TYPES = st.sampled_from(["|u1", "<f4", "|O", ">i8", "", "|V0", "<U9", "|u1,|u1", "M8[ns]"]) | st.text(
    max_size=4
)
HEADERS = st.builds(
    lambda kind, fortran, shape: f"{{'descr': {kind!r}, 'fortran_order': {fortran!r}, 'shape': {shape!r}}}\n",
    TYPES | st.lists(st.tuples(st.text(max_size=2), TYPES), max_size=2),
    st.booleans() | st.none(),
    LENGTHS | st.integers() | st.none(),
)


@pytest.mark.fuzz
@example(content=NPY.replace(b"{", b"("))
@example(content=with_header("-" * 9000))
@example(content=with_header("{'descr': '|u1', 'fortran_order': False, 'shape': (9999999999, 1, 1, 1)}\n"))
@given(
    content=EDITS.map(lambda edits: bytes(edits.get(place, byte) for place, byte in enumerate(NPY)))
    | st.integers(0, len(NPY)).map(lambda length: NPY[:length])
    | HEADERS.map(with_header)
    | st.text("()[]{}',:-1\n", max_size=40).map(with_header)
    | st.binary(max_size=150)
)
def test_any_file_is_a_whole_array_or_an_artifact_error(content: bytes) -> None:
    path = artifacts.images_path("test")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    with suppress(ArtifactError):
        array = artifacts.load_array(path)
        # Reads all of it: what is mapped beyond the end of a file would kill the process.
        assert len(array.tobytes()) == array.nbytes <= len(content)
        assert artifacts.load_images("test").ndim == 4


@pytest.mark.fuzz
@given(content=st.binary(max_size=60) | st.text('[]{}",:-+.0123eNaInfitrul\\ ', max_size=60).map(str.encode))
def test_any_text_is_json_or_an_artifact_error(content: bytes) -> None:
    Path("content.json").write_bytes(content)
    with suppress(ArtifactError):
        artifacts.load_json(Path("content.json"))


@pytest.mark.parametrize(
    ("images", "labels"),
    [
        (np.zeros((4, 28, 28), np.uint8), np.zeros((4, 1), np.uint8)),
        (np.zeros((4, 28, 28, 1), np.float32), np.zeros(4, np.int64)),
    ],
    ids=["axes", "type"],
)
def test_splits_of_another_kind_are_refused(images: Any, labels: Any) -> None:
    artifacts.save_array(artifacts.images_path("test"), images)
    artifacts.save_array(artifacts.labels_path("test"), labels)
    with pytest.raises(ArtifactError, match=r"test_images\.npy is damaged: uint8 images of four axes, got"):
        artifacts.load_images("test")
    with pytest.raises(ArtifactError, match=r"test_labels\.npy is damaged: uint8 labels of one axis, got"):
        artifacts.load_labels("test")


def test_splits_come_back() -> None:
    images = np.arange(2 * 28 * 28, dtype=np.uint8).reshape(2, 28, 28, 1)
    artifacts.save_array(artifacts.images_path("validation"), images)
    artifacts.save_array(artifacts.labels_path("validation"), np.array([3, 4], np.uint8))
    np.testing.assert_array_equal(artifacts.load_images("validation"), images)
    assert artifacts.load_labels("validation").tolist() == [3, 4]
