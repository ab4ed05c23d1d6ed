"""The row of several seeds."""

from pathlib import Path
from typing import Any

import pytest

from latentlab.scoring import protocol
from latentlab.tracking import records
from studies.seeds import row
from tests.tracking.pipeline_outputs import runs

METRICS: dict[str, Any] = {
    "vae": {"num_samples": 5},
    "gan": {"num_samples": 5},
    "features": {"sha256": "a"},
    "protocol": {"test_split_sha256": "b"},
}


def track(*, mean: float = 0.5) -> None:
    summary = {"mean": mean, "standard_deviation": 0.25}
    content: dict[str, Any] = {
        "settings": ["gan.dropout=0.4"],
        "seeds": [1, 2, 3],
        "conditions": METRICS,
        "models": {"vae": {"recall": summary}},
    }
    file = Path("reports/seeds.json")
    file.write_text("{}")
    row.track(content, {"seed": 1, "gan": {"dropout": 0.4}}, [file])


def test_the_row_has_means_under_the_names_of_single_runs(database: Path) -> None:
    track()
    track()
    [found] = runs("pipeline")
    assert found.info.status == "FINISHED"
    assert found.info.run_name == "3 seeds gan.dropout=0.4"
    assert found.data.metrics == {"vae.recall": 0.5, "vae.recall.standard_deviation": 0.25, "num_seeds": 3}
    assert found.data.params == {"seed": "1, 2, 3", "gan.dropout": "0.4"}
    assert found.data.tags[records.YARDSTICK_TAG] == protocol.yardstick(METRICS)
    track(mean=0.75)
    assert len(runs("pipeline")) == 2


def test_a_server_that_refuses_is_a_warning(
    project: Path, refusing: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", refusing)
    track()
    assert "warning: MLflow cannot be used" in capsys.readouterr().err
