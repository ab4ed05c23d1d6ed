"""The reader of NumPy archives: right on what np.savez writes, and only ever a DataError on anything else."""

import io
import tempfile
import zipfile
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from latentlab.core import mapped
from latentlab.core.errors import DataError
from latentlab.data import archive, npz
from latentlab.data.labelled import Labelled

IMAGES = np.arange(24, dtype=np.uint8).reshape(4, 3, 2)
LABELS = np.array([0, 1, 1, 0])


def load(path: Path) -> tuple[Labelled, Labelled | None]:
    return npz.load(str(path), lambda blocks: mapped.spool(blocks, path.parent))


def save(folder: Path, **arrays: Any) -> Path:
    path = folder / "images.npz"
    np.savez_compressed(path, **arrays)
    return path


def refusal(path: Path) -> str:
    with pytest.raises(DataError) as caught:
        load(path)
    return str(caught.value)


def test_all_four_arrays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mapped, "BLOCK_BYTES", 13)
    path = save(
        tmp_path, x_train=IMAGES, y_train=LABELS, x_test=IMAGES[:2], y_test=LABELS[:2, None], more=LABELS
    )
    train, test = load(path)
    assert test is not None
    np.testing.assert_array_equal(train.images, IMAGES[..., None])
    assert (train.labels.dtype, train.labels.tolist()) == (np.uint8, [0, 1, 1, 0])
    np.testing.assert_array_equal(test.images, IMAGES[:2, ..., None])
    assert test.labels.tolist() == [0, 1]


def test_all_images_are_read_though_there_are_more_than_rows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mapped, "BLOCK_BYTES", 4)
    images = np.arange(20, dtype=np.uint8).reshape(5, 2, 2)
    train, _ = load(save(tmp_path, x_train=images))
    np.testing.assert_array_equal(train.images, images[..., None])


def test_colour_without_labels_and_without_a_test_part(tmp_path: Path) -> None:
    colour = np.arange(36, dtype=np.uint8).reshape(2, 3, 2, 3)
    train, test = load(save(tmp_path, x_train=colour))
    np.testing.assert_array_equal(train.images, colour)
    assert train.labels.tolist() == [0, 0]
    assert test is None


@pytest.mark.parametrize(
    ("arrays", "told"),
    [
        ({"images": IMAGES}, "expected an array x_train; got images"),
        ({"x_train": IMAGES / 255}, "x_train of type uint8.*got float64"),
        ({"x_train": IMAGES[0]}, r"got uint8 \(3, 2\)"),
        ({"x_train": IMAGES[:0]}, r"got uint8 \(0, 3, 2\)"),
        ({"x_train": np.zeros((2, 3, 8, 8), np.uint8)}, r"1 or 3 channels last; got uint8 \(2, 3, 8, 8\)"),
        ({"x_train": np.asfortranarray(IMAGES)}, "x_train in C order"),
        ({"x_train": np.array([None])}, "x_train of plain numbers"),
        ({"x_train": IMAGES, "y_train": LABELS[:3]}, r"y_train of integers, 4 of them; got int64 \(3,\)"),
        ({"x_train": IMAGES, "y_train": LABELS / 1}, "y_train of integers, 4 of them; got float64"),
        ({"x_train": IMAGES, "y_train": LABELS - 1}, "y_train from 0 to 255; got -1 to 0"),
        ({"x_train": IMAGES, "y_train": LABELS + 255}, "y_train from 0 to 255; got 255 to 256"),
        ({"x_train": IMAGES, "y_train": LABELS, "x_test": IMAGES}, "labels for both parts or for none"),
        (
            {"x_train": IMAGES, "x_test": IMAGES[:, :2]},
            r"images of \(3, 2, 1\) in x_test too; got \(2, 2, 1\)",
        ),
    ],
)
def test_refuses_other_arrays(tmp_path: Path, arrays: dict[str, Any], told: str) -> None:
    path = save(tmp_path, **arrays)
    with pytest.raises(DataError, match=told):
        load(path)
    assert refusal(path).startswith(f"{path}: expected ")


def test_what_is_no_archive_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "images.npz"
    for content in (b"", b"text", save(tmp_path, x_train=IMAGES).read_bytes()[:-40]):
        path.write_bytes(content)
        assert "expected a whole archive as np.savez writes it" in refusal(path)
    assert "which is no file" in refusal(tmp_path / "absent.npz")


def raw(path: Path, **members: bytes) -> Path:
    """An archive of these bytes."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(f"{name}.npy", content)
    return path


def npy(array: Any, version: tuple[int, int] = (1, 0)) -> bytes:
    file = io.BytesIO()
    np.lib.format.write_array(file, np.asarray(array), version)
    return file.getvalue()


def test_arrays_are_read_in_both_versions_that_they_can_have(tmp_path: Path) -> None:
    for version in ((1, 0), (2, 0)):
        train, _ = load(raw(tmp_path / "images.npz", x_train=npy(IMAGES, version)))
        np.testing.assert_array_equal(train.images, IMAGES[..., None])
    told = refusal(raw(tmp_path / "images.npz", x_train=npy(IMAGES, (3, 0))))
    assert "x_train in version 1.0 or 2.0 of the format; got version (3, 0)" in told


def test_arrays_of_another_length_than_they_say_are_refused(tmp_path: Path) -> None:
    whole = npy(IMAGES)
    assert "in x_train as its shape says; got 3 fewer" in refusal(raw(tmp_path / "a.npz", x_train=whole[:-3]))
    assert "in x_train as its shape says; got more" in refusal(raw(tmp_path / "b.npz", x_train=whole + b"\0"))


def test_in_one_axis_there_is_no_other_order(tmp_path: Path) -> None:
    labels = npy(LABELS).replace(b"'fortran_order': False", b"'fortran_order': True ")
    assert labels != npy(LABELS)
    train, _ = load(raw(tmp_path / "images.npz", x_train=npy(IMAGES), y_train=labels))
    assert train.labels.tolist() == [0, 1, 1, 0]


def test_a_header_that_promises_too_much_costs_nothing(tmp_path: Path) -> None:
    honest = b"(4, 3, 2), }" + b" " * 20
    for shape in (b"(99999999999, 3, 2), }", b"(99999, 99999, 9), }"):
        claim = npy(IMAGES).replace(honest, shape.ljust(len(honest)))
        assert claim != npy(IMAGES)
        assert "plain numbers, 8589934592 bytes at most" in refusal(raw(tmp_path / "a.npz", x_train=claim))


def test_as_many_bytes_as_are_allowed_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = save(tmp_path, x_train=IMAGES)
    monkeypatch.setattr(archive, "MAX_BYTES", 24)
    assert load(path)[0].images.nbytes == 24
    monkeypatch.setattr(archive, "MAX_BYTES", 23)
    assert "x_train of plain numbers, 23 bytes at most" in refusal(path)


def test_one_changed_byte_is_found_by_the_checksum(tmp_path: Path) -> None:
    path = tmp_path / "images.npz"
    np.savez(path, x_train=IMAGES)
    content = bytearray(path.read_bytes())
    content[content.index(IMAGES.tobytes()) + 5] ^= 1
    path.write_bytes(content)
    assert "Bad CRC-32" in refusal(path)


MEMBERS = st.fixed_dictionaries(
    {},
    optional={
        name: st.builds(
            lambda head, tail, cut: (head + tail)[: cut if cut is not None else None],
            st.sampled_from([npy(IMAGES), npy(LABELS), npy(np.array([None])), npy(np.float32(1)), b""]),
            st.binary(max_size=8),
            st.none() | st.integers(0, 160),
        )
        for name in ("x_train", "y_train", "x_test", "y_test")
    },
)


@pytest.mark.fuzz
@given(members=MEMBERS, damage=st.lists(st.tuples(st.integers(0, 2000), st.integers(1, 255)), max_size=3))
def test_any_archive_gives_whole_arrays_or_a_data_error(
    members: dict[str, bytes], damage: list[tuple[int, int]]
) -> None:
    with tempfile.TemporaryDirectory() as place:
        path = raw(Path(place, "images.npz"), **members)
        content = bytearray(path.read_bytes())
        for position, flip in damage:
            content[position % len(content)] ^= flip
        path.write_bytes(content)
        with suppress(DataError):
            for part in load(path):
                assert part is None or (part.images.ndim == 4 and len(part.images) == len(part.labels) > 0)
