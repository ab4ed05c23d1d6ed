"""Hashes are those of the contents, and of a file that did not change without reading it."""

import hashlib
import os
import time
from pathlib import Path

import pytest

from latentlab.data import file_hashes


@pytest.fixture(autouse=True)
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder as the root of the repository."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DVC_ROOT", raising=False)
    # Everything here is younger than a second.
    monkeypatch.setattr(file_hashes, "SETTLED_NS", -(10**12))
    return tmp_path


def hashes(**files: Path) -> dict[str, str]:
    return file_hashes.of(files, Path("images"))


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def test_known_files_are_not_read_again(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (root / "a").write_bytes(b"one")
    assert hashes(a=root / "a") == {"a": sha256(b"one")}
    monkeypatch.setattr(hashlib, "file_digest", lambda *_: pytest.fail("read again"))
    assert hashes(a=root / "a") == {"a": sha256(b"one")}


def test_a_write_of_equal_length_shows_though_its_time_is_set_back(root: Path) -> None:
    path = root / "a"
    path.write_bytes(b"one")
    before = path.stat()
    hashes(a=path)
    time.sleep(0.02)  # The clock of the file system may tick as seldom as every 10 ms.
    path.write_bytes(b"two")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert hashes(a=path) == {"a": sha256(b"two")}


def test_what_changed_a_moment_ago_is_not_remembered(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_hashes, "SETTLED_NS", 10**12)
    (root / "a").write_bytes(b"one")
    hashes(a=root / "a")
    assert not Path(file_hashes.MEMORY).exists()


def test_what_cannot_be_read_is_said_to_be_so_and_looked_at_again(root: Path) -> None:
    os.mkfifo(root / "pipe")
    assert set(hashes(a=root / "absent", b=root, c=root / "pipe").values()) == {file_hashes.UNREADABLE}
    (root / "absent").write_bytes(b"one")
    assert hashes(a=root / "absent") == {"a": sha256(b"one")}


@pytest.mark.parametrize("content", [b"", b"[]", b"\xff", b'{"a": 1}', b'{"a": [1, 2, 3, 4]}'])
def test_a_damaged_memory_is_made_anew(root: Path, content: bytes) -> None:
    (root / "a").write_bytes(b"one")
    hashes(a=root / "a")
    (memory,) = Path(file_hashes.MEMORY).iterdir()
    whole = memory.read_bytes()
    memory.write_bytes(content)
    assert hashes(a=root / "a") == {"a": sha256(b"one")}
    assert memory.read_bytes() == whole
