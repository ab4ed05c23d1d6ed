"""The file of the weights is found where the user says, and known by its content."""

import hashlib
from pathlib import Path

import pytest

from latentlab.core.errors import EvaluationError
from latentlab.scoring.inception import weights_file


def test_no_file_has_no_hash() -> None:
    assert weights_file.sha256(None) is None


def test_the_content_counts_wherever_it_lies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A relative path starts at the repository's root, which DVC names where it runs a copy."""
    (tmp_path / "graph.pb").write_bytes(b"content")
    monkeypatch.setenv("DVC_ROOT", str(tmp_path))
    expected = hashlib.sha256(b"content").hexdigest()
    assert weights_file.sha256("graph.pb") == weights_file.sha256(str(tmp_path / "graph.pb")) == expected
    (tmp_path / "graph.pb").write_bytes(b"other")
    assert weights_file.sha256("graph.pb") != expected


def test_a_missing_file_is_refused() -> None:
    with pytest.raises(
        EvaluationError, match=r"evaluate.inception_weights: .*got nothing.pb: .*No such file"
    ):
        weights_file.sha256("nothing.pb")
