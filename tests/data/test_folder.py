"""Where the four files are looked for, and what is said when they are not there."""

from pathlib import Path

import pytest

from latentlab.core.errors import DataError
from latentlab.data import catalogue, folder
from tests import idx_files


def test_relative_paths_start_at_the_root_that_dvc_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    idx_files.write_folder(tmp_path / "images", 10, 10)
    root, copy = tmp_path / "repo", tmp_path / "elsewhere" / "copy"
    for place in (root, copy):
        place.mkdir(parents=True)
    monkeypatch.chdir(copy)
    monkeypatch.setenv("DVC_ROOT", str(root))
    found = folder.locate("../images")
    assert list(found) == list(catalogue.FILES)
    assert all(place.resolve() == tmp_path / "images" / name for name, place in found.items())


def test_a_home_that_nobody_has_is_a_folder_that_is_not_there() -> None:
    with pytest.raises(DataError, match=r"got .~nobody-of-this-name/images.*, which is no folder"):
        folder.locate("~nobody-of-this-name/images")


def test_without_dvc_relative_paths_start_at_the_working_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    idx_files.write_folder(tmp_path / "images", 10, 10)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DVC_ROOT", raising=False)
    assert len(folder.locate("images")) == 4
    assert folder.locate("images").keys() == folder.locate(str(tmp_path / "images")).keys()


def test_raw_files_win_over_compressed_ones(tmp_path: Path) -> None:
    idx_files.write_folder(tmp_path, 10, 10, compress=True)
    idx_files.write_folder(tmp_path / "raw", 10, 10)
    (tmp_path / "raw" / "t10k-labels-idx1-ubyte").rename(tmp_path / "t10k-labels-idx1-ubyte")
    suffixes = {name: place.suffix for name, place in folder.locate(str(tmp_path)).items()}
    assert suffixes["t10k-labels-idx1-ubyte"] == ""
    assert suffixes["train-labels-idx1-ubyte"] == ".gz"


@pytest.mark.parametrize(
    ("path", "told"),
    [
        (None, "data.path: expected the folder of the four IDX files, got null"),
        ("nowhere", "got 'nowhere', that is .*/nowhere, which is no folder"),
        ("file", "which is no folder"),
        ("empty", "where train-images-idx3-ubyte, .*t10k-labels-idx1-ubyte cannot be found"),
        ("partial", "partial, where t10k-images-idx3-ubyte cannot be found"),
    ],
)
def test_says_what_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str | None, told: str
) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "empty").mkdir()
    idx_files.write_folder(tmp_path / "partial", 10, 10)
    (tmp_path / "partial" / "t10k-images-idx3-ubyte").unlink()
    monkeypatch.setenv("DVC_ROOT", str(tmp_path))
    with pytest.raises(DataError, match=told) as caught:
        folder.locate(path)
    assert "params.yaml" in str(caught.value)
