import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from latentlab.core import digests
from latentlab.core.errors import ArtifactError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with two files, whose names sort otherwise than their paths."""
    for name, content in (("b/one", b"1"), ("b.txt", b"2")):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(content)
    return tmp_path


def test_a_file_is_the_hash_of_its_content(folder: Path) -> None:
    assert digests.sha256(folder / "b.txt") == hashlib.sha256(b"2").hexdigest()
    assert digests.dvc(folder / "b.txt") == hashlib.md5(b"2").hexdigest()


def test_a_folder_is_what_dvc_makes_of_it(folder: Path) -> None:
    """DVC's own word for it is compared in test_dvc."""
    one, two = (hashlib.md5(content).hexdigest() for content in (b"1", b"2"))
    listing = f'[{{"md5": "{two}", "relpath": "b.txt"}}, {{"md5": "{one}", "relpath": "b/one"}}]'
    assert json.loads(listing)
    assert digests.dvc(folder) == f"{hashlib.md5(listing.encode()).hexdigest()}.dir"


@pytest.mark.parametrize("digest", [digests.sha256, digests.dvc])
def test_a_folder_is_its_names_and_contents_alone(digest: Callable[[Path], str], folder: Path) -> None:
    first = digest(folder)
    (folder / "b" / "__pycache__").mkdir()
    (folder / "b" / "__pycache__" / "left.pyc").write_bytes(b"behind")
    assert digest(folder) == first
    (folder / "b.txt").rename(folder / "c.txt")
    assert digest(folder) != first


@pytest.mark.parametrize("digest", [digests.sha256, digests.dvc])
def test_what_is_missing_is_named(digest: Callable[[Path], str], tmp_path: Path) -> None:
    with pytest.raises(ArtifactError, match=r"images\.npy is missing\. Run `dvc repro`"):
        digest(tmp_path / "images.npy")


def test_equal_content_has_one_digest_whatever_the_order_of_its_keys() -> None:
    known = hashlib.sha256(b'{"a": [1], "b": 2}').hexdigest()
    assert digests.of_json({"b": 2, "a": [1]}) == digests.of_json({"a": (1,), "b": 2}) == known
    assert digests.of_json({"a": [2], "b": 2}) != known
