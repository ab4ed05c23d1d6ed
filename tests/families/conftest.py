from pathlib import Path

import pytest


@pytest.fixture
def to_score(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory, with all that a family's scoring needs but its models."""
    # Here, because most tests of families need no TensorFlow.
    from latentlab.families.latents import budget
    from tests import bench_project

    bench_project.prepare(tmp_path, monkeypatch)
    # Fewer images over planes and along walks.
    monkeypatch.setattr(budget, "MOST_VALUES", 64 * 5 * 5)
    return tmp_path
