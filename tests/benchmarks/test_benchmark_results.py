"""What the benchmark says of its measurements, and that the README says the same."""

import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks import pipeline, results, table
from benchmarks.rounds import Measurement

ROOT = Path(__file__).resolve().parents[2]


def measured(*milliseconds: float, parameters: int = 7) -> Measurement:
    return Measurement(list(milliseconds), 3.0, 500.0, parameters, operations=10**9)


@pytest.fixture
def systems() -> dict[str, Measurement]:
    return {
        "ours": measured(10, 20, 10),
        "lecture": measured(40, 60, 50),
        "pytorch_eager": measured(30, 30, 30),
        "pytorch_compiled": measured(20, 20, 25),
    }


def test_ratios_are_taken_round_by_round(systems: dict[str, Measurement]) -> None:
    """4, 3 and 5 times faster than the slides; PyTorch counts by its better way, 2, 1 and 2.5 times."""
    found = results.compare(systems, 200.0)
    assert found["speedup_over_lecture"] == 4
    assert found["speedup_over_lecture_range"] == [3, 5]
    assert found["pytorch_variant"] == "compiled"
    assert found["speedup_over_pytorch"] == 2
    assert found["pytorch_milliseconds"] == 20


def test_the_share_of_the_machine_by_hand(systems: dict[str, Measurement]) -> None:
    """A gigaflop in 10 ms is 100 GFLOP/s, half of 200."""
    assert results.describe(systems["ours"], 200.0)["share_of_matrix_product_rate"] == 0.5


def test_networks_of_different_sizes_are_not_compared(systems: dict[str, Measurement]) -> None:
    systems["lecture"] = measured(1, 1, 1, parameters=8)
    with pytest.raises(ValueError, match=r"expected networks of equal size, got .*'lecture': 8"):
        results.compare(systems, 200.0)


def test_overhead_is_what_is_left_of_the_whole() -> None:
    stages = [{"stage": "train_vae", "seconds": 60}, {"stage": "track", "seconds": 0}]
    found = pipeline.summarise(80.0, stages)
    assert found == {"total_seconds": 80, "work_seconds": {"train_vae": 60}, "overhead_share": 0.25}


def test_the_table_takes_the_place_of_the_old_one() -> None:
    found = load_results()
    text = f"before\n{table.BEGIN}\nold\n{table.END}\nafter\n"
    replaced = table.replace(text, found)
    assert replaced.startswith(f"before\n{table.BEGIN}\n| step |")
    assert replaced.endswith(f"\n{table.END}\nafter\n")
    assert "old" not in replaced
    assert table.replace(replaced, found) == replaced


def test_results_have_every_key_that_is_promised() -> None:
    found = load_results()
    step = {
        "milliseconds",
        "lecture_milliseconds",
        "pytorch_milliseconds",
        "speedup_over_lecture",
        "speedup_over_pytorch",
        "share_of_matrix_product_rate",
        "peak_memory_mb",
        "lecture_peak_memory_mb",
        "first_step_seconds",
    }
    assert set(found["vae_step"]) >= step
    assert set(found["gan_step"]) >= step
    assert set(found["pipeline"]) >= {"total_seconds", "overhead_share"}


def test_the_readme_shows_the_results() -> None:
    readme = (ROOT / "README.md").read_text()
    assert table.replace(readme, load_results()) == readme


def load_results() -> dict[str, Any]:
    return json.loads((ROOT / "benchmarks" / "results.json").read_text())
