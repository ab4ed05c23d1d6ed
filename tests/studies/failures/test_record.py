"""What is known of other data sets stays."""

from pathlib import Path

from latentlab.core import artifacts
from studies.failures import record


def test_each_data_set_has_its_part_and_the_last_measurement_counts(tmp_path: Path) -> None:
    path = tmp_path / "results.json"
    for name, found in (("digits", 1), ("emoji", 2), ("digits", 3)):
        record.keep(path, name, found)
    content = artifacts.load_json(path)
    assert content["sets"] == {"digits": 3, "emoji": 2}
    assert len(content["commit"]) == 7
