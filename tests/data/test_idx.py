"""The reader of IDX files: right on the format's own example, and only ever a DataError on anything else."""

import gzip
import tempfile
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from latentlab.core.errors import DataError
from latentlab.data import folder, idx
from tests import idx_files

# Two images of one row and three pixels, byte by byte.
IMAGES = bytes.fromhex("00000803 00000002 00000001 00000003 010203 0405ff")


def test_reads_a_file_written_byte_by_byte(tmp_path: Path) -> None:
    path = tmp_path / "images"
    path.write_bytes(IMAGES)
    array = idx.read(path, axes=3)
    assert array.dtype == np.uint8
    assert array.tolist() == [[[1, 2, 3]], [[4, 5, 255]]]


def test_raw_and_compressed_are_the_same(tmp_path: Path) -> None:
    raw = idx.load(folder.locate(str(idx_files.write_folder(tmp_path / "raw", 12, 5, side=3))))
    packed = idx.load(
        folder.locate(str(idx_files.write_folder(tmp_path / "packed", 12, 5, side=3, compress=True)))
    )
    for one, other in zip(raw, packed, strict=True):
        np.testing.assert_array_equal(one.images, other.images)
        np.testing.assert_array_equal(one.labels, other.labels)
    assert [part.images.shape for part in raw] == [(12, 3, 3, 1), (5, 3, 3, 1)]
    assert raw[1].labels.tolist() == [0, 1, 2, 3, 4]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "an empty file"),
        (IMAGES[:3], "expected the magic number 00000803"),
        (bytes.fromhex("00000801 00000001 00"), "got 00000801"),
        (bytes.fromhex("00000d03") + IMAGES[4:], "got 00000d03"),
        (gzip.compress(IMAGES, mtime=0), "got 1f8b"),
        (IMAGES[:10], "a header of 16 bytes, got 10"),
        (IMAGES[:-1], r"expected 6 bytes after the header, shape \(2, 1, 3\), got 5 bytes"),
        (IMAGES + b"\0", "expected 6 bytes after the header.*got more"),
        (bytes.fromhex("00000803 00000000 00000001 00000003"), r"claims shape \(0, 1, 3\)"),
        (bytes.fromhex("00000803 ffffffff ffffffff 00000000"), "claims shape"),
        (bytes.fromhex("00000803 ffffffff ffffffff ffffffff"), "expected 1 to 1073741824 bytes"),
    ],
)
def test_refuses_damaged_files(tmp_path: Path, content: bytes, told: str) -> None:
    path = tmp_path / "train-images-idx3-ubyte"
    path.write_bytes(content)
    with pytest.raises(DataError, match=told) as caught:
        idx.read(path, axes=3)
    assert str(caught.value).startswith(f"{path}: expected ")
    assert "data.path in params.yaml" in str(caught.value)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        IMAGES,
        gzip.compress(IMAGES)[:-9],
        gzip.compress(IMAGES)[:-8] + bytes(8),
        gzip.compress(IMAGES) + b"more",
        gzip.compress(IMAGES)[:12] + b"\xff" * 30,
    ],
    ids=["empty", "not gzip", "truncated", "wrong checksum", "trailing bytes", "broken stream"],
)
def test_refuses_damaged_gzip(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "t10k-images-idx3-ubyte.gz"
    path.write_bytes(content)
    with pytest.raises(DataError, match=r"t10k-images-idx3-ubyte.gz: expected"):
        idx.read(path, axes=3)


def test_decompresses_no_more_than_the_header_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a megabyte that would unfold to a gigabyte only the bytes that the header claims are unfolded."""
    path = tmp_path / "bomb.gz"
    path.write_bytes(gzip.compress(IMAGES) + gzip.compress(bytes(2**20)) * 1024)
    decompressed = 0
    read = gzip.GzipFile.read

    def counting(self: gzip.GzipFile, size: int | None = -1) -> bytes:
        nonlocal decompressed
        chunk = read(self, size)
        decompressed += len(chunk)
        return chunk

    monkeypatch.setattr(gzip.GzipFile, "read", counting)
    with pytest.raises(DataError, match="got more"):
        idx.read(path, axes=3)
    assert decompressed == len(IMAGES) + 1


def test_as_many_bytes_as_are_allowed_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "images").write_bytes(IMAGES)
    monkeypatch.setattr(idx, "MAX_BYTES", 6)
    assert idx.read(tmp_path / "images", axes=3).nbytes == 6
    monkeypatch.setattr(idx, "MAX_BYTES", 5)
    with pytest.raises(DataError, match="expected 1 to 5 bytes, got a header that claims"):
        idx.read(tmp_path / "images", axes=3)


def test_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="nowhere: expected a readable file"):
        idx.read(tmp_path / "nowhere", axes=1)


def test_refuses_labels_of_another_count(tmp_path: Path) -> None:
    files = folder.locate(str(idx_files.write_folder(tmp_path, 12, 5)))
    idx_files.write(tmp_path / "train-labels-idx1-ubyte", np.zeros(11))
    with pytest.raises(DataError, match=r"train-labels.*expected a label for each of the 12 images.*got 11"):
        idx.load(files)


def test_refuses_test_images_of_another_size(tmp_path: Path) -> None:
    files = folder.locate(str(idx_files.write_folder(tmp_path, 12, 5)))
    idx_files.write(tmp_path / "t10k-images-idx3-ubyte", np.zeros((5, 14, 14)))
    with pytest.raises(DataError, match=r"t10k-images.*expected images of \(28, 28\).*got \(14, 14\)"):
        idx.load(files)


HEADERS = st.tuples(
    st.sampled_from([b"\0\0\x08\x01", b"\0\0\x08\x03", b"\x1f\x8b\x08\0"]) | st.binary(max_size=5),
    st.lists(st.integers(0, 4) | st.integers(0, 2**32 - 1), max_size=4).map(
        lambda lengths: b"".join(length.to_bytes(4) for length in lengths)
    ),
    st.binary(max_size=40),
).map(b"".join)


@pytest.mark.fuzz
@given(content=HEADERS, axes=st.sampled_from([1, 3]), damage=st.none() | st.integers(0, 60))
def test_any_file_gives_a_whole_array_or_a_data_error(content: bytes, axes: int, damage: int | None) -> None:
    packed = bytearray(gzip.compress(content))
    if damage is not None:
        packed[damage % len(packed)] ^= 0xFF
    with tempfile.TemporaryDirectory() as place:
        for name, written in (("file", content), ("file.gz", bytes(packed))):
            path = Path(place, name)
            path.write_bytes(written)
            with suppress(DataError):
                assert idx_files.encode(idx.read(path, axes)) == content


@pytest.mark.skipif(not idx_files.REAL_MNIST.is_dir(), reason=idx_files.REAL_MNIST_ABSENT)
def test_reads_the_real_mnist() -> None:
    train, test = idx.load(folder.locate(str(idx_files.REAL_MNIST)))
    assert train.images.shape == (60_000, 28, 28, 1)
    assert test.images.shape == (10_000, 28, 28, 1)
    # Published facts: the first labels, the count of ones, and the mean grey level of the training images.
    assert train.labels[:10].tolist() == [5, 0, 4, 1, 9, 2, 1, 3, 1, 4]
    assert test.labels[:5].tolist() == [7, 2, 1, 0, 4]
    assert np.sum(train.labels == 1) == 6742
    assert train.images.mean() / 255 == pytest.approx(0.1307, abs=5e-5)
