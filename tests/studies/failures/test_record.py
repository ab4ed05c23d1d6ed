"""What is known of other data sets stays, with its commit."""

from pathlib import Path

import pytest

from latentlab.core import artifacts
from studies.failures import record


def test_each_data_set_has_its_part_and_the_last_measurement_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "results.json"
    for name, found, commit in (("digits", 1, "a"), ("emoji", 2, "b"), ("digits", 3, "c")):
        monkeypatch.setattr(record.provenance, "git_revision", lambda commit=commit: commit * 40)
        record.keep(path, name, found)
    content = artifacts.load_json(path)
    assert content["sets"] == {"digits": 3, "emoji": 2}
    assert content["commits"] == {"digits": "c" * 7, "emoji": "b" * 7}
