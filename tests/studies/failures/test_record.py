"""What is known of other data sets stays, with its commit."""

from pathlib import Path

import pytest

from latentlab.core import artifacts
from latentlab.core.errors import ParamsError
from studies.failures import record


@pytest.mark.parametrize("typed", [[], [""], [" "], ["a", "b"]])
def test_a_set_without_a_name_is_not_measured(typed: list[str]) -> None:
    with pytest.raises(ParamsError, match="NAME: expected what to call the data set"):
        record.name_of(typed)


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
