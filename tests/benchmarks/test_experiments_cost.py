"""What an experiment costs that trains nothing: the same twice, and only the second time counts."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from benchmarks import experiments, pipeline


def test_only_experiments_of_which_all_is_known_are_timed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A clock on which the first time takes a minute, and the second 24 seconds for 3 experiments."""
    clock = [0.0]
    ran: list[str] = []

    @contextmanager
    def clone() -> Iterator[tuple[Path, Path]]:
        yield tmp_path, tmp_path / "log"

    def run(folder: Path, *command: str) -> None:
        if "scripts.seeds" in command:
            clock[0] += 24 if "remove" in ran else 60
        ran.extend(command)

    monkeypatch.setattr(pipeline, "clean_clone", clone)
    monkeypatch.setattr(pipeline, "write_params", lambda folder, preset, changes: ran.append(preset))
    monkeypatch.setattr(experiments, "run", run)
    monkeypatch.setattr(experiments.time, "perf_counter", lambda: clock[0])
    assert experiments.measure()["seconds"] == 8
    assert [word for word in ran if word in ("tiny", "commit", "scripts.seeds", "remove")] == [
        "tiny",
        "commit",
        "scripts.seeds",
        "remove",
        "scripts.seeds",
    ]
