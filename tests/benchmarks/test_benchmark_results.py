"""What the benchmark says of its measurements."""

import json
from pathlib import Path
from shutil import copy, copytree
from typing import Any

import pytest

from benchmarks import child, evaluation, pipeline, results, rounds
from benchmarks.costs import Cost
from benchmarks.rounds import Measurement
from latentlab.families import params
from scripts import fill_pages
from tests.imports import ROOT

RATES = {"matrix_product_gflops": 200.0, "copy_gb_per_second": 50.0}


def measured(*milliseconds: float, parameters: int = 7) -> Measurement:
    return Measurement(list(milliseconds), 3.0, 500.0, parameters, Cost(10**9, 10**8))


@pytest.fixture
def systems() -> dict[str, Measurement]:
    return {
        "ours": measured(10, 20, 10),
        "lecture": measured(40, 60, 50),
        "lecture_without_onednn": measured(60, 80, 80),
        "pytorch_eager": measured(30, 30, 30),
        "pytorch_compiled": measured(20, 20, 25),
        "ours_bfloat16": measured(5, 5, 4),
        "lecture_bfloat16": measured(20, 30, 16),
        "pytorch_eager_bfloat16": measured(10, 5, 8),
        "pytorch_compiled_bfloat16": measured(20, 20, 25),
    }


def test_ratios_are_taken_round_by_round(systems: dict[str, Measurement]) -> None:
    """4, 3 and 5 times faster than the slides; PyTorch counts by its better way, 2, 1 and 2.5 times."""
    found = results.compare(systems, RATES)
    assert found["speedup_over_lecture"] == 4
    assert found["speedup_over_lecture_range"] == [3, 5]
    assert found["speedup_over_lecture_without_onednn"] == 6
    assert found["pytorch_variant"] == "compiled"
    assert found["speedup_over_pytorch"] == 2
    assert found["pytorch_milliseconds"] == 20


def test_bfloat16_is_compared_with_bfloat16_and_with_float32(systems: dict[str, Measurement]) -> None:
    """Round by round 2, 4 and 2.5 times ours in float32; 8, 12 and 12.5 times the slides' there."""
    found = results.compare_bfloat16(systems)
    assert found["milliseconds"] == 5
    assert (found["speedup_over_float32"], found["speedup_over_float32_range"]) == (2.5, [2, 4])
    assert found["speedup_over_lecture_float32"] == 12
    assert (found["speedup_over_lecture"], found["lecture_milliseconds"]) == (4, 20)
    assert (found["speedup_over_pytorch"], found["pytorch_variant"]) == (2, "eager")


def test_every_system_that_is_compared_can_be_built() -> None:
    named = {task.system for task in rounds.STEPS}
    assert {*rounds.COMPARED, *rounds.OF_DEFAULT} <= named <= set(child.SYSTEMS)
    options = {name: child.SYSTEMS[name][1] for name in named}
    assert {name for name in named if options[name]["precision"] == "bfloat16"} == {
        name for name in named if "bfloat16" in name
    }


def test_the_share_of_the_machine_by_hand(systems: dict[str, Measurement]) -> None:
    """A gigaflop in 10 ms is 100 GFLOP/s, half of 200; a tenth of a gigabyte takes 2 ms at 50 GB/s."""
    found = results.describe(systems["ours"], RATES)
    assert found["share_of_matrix_product_rate"] == 0.5
    assert (found["multiplying_milliseconds"], found["moving_milliseconds"]) == (5, 2)


def test_the_rates_of_the_machine_are_those_of_the_best_round() -> None:
    """A gigaflop in 4 ms is 250 GFLOP/s, in 2 ms 500; a tenth of a gigabyte in 2 ms 50 GB/s."""
    found = results.machine_rates([measured(5, 4)], [measured(2)], [measured(2, 4)])
    assert found == {
        "matrix_product_gflops": 250,
        "matrix_product_gflops_bfloat16": 500,
        "copy_gb_per_second": 50,
    }


def test_networks_of_different_sizes_are_not_compared(systems: dict[str, Measurement]) -> None:
    systems["lecture"] = measured(1, 1, 1, parameters=8)
    with pytest.raises(ValueError, match=r"expected networks of equal size, got .*'lecture': 8"):
        results.compare(systems, RATES)


def test_overhead_is_what_is_left_of_the_whole() -> None:
    stages = [{"stage": "train_vae", "seconds": 60}, {"stage": "track", "seconds": 0}]
    found = pipeline.summarise(80.0, stages)
    assert found == {"total_seconds": 80, "work_seconds": {"train_vae": 60}, "overhead_share": 0.25}


def test_scoring_is_what_each_family_takes_and_no_training() -> None:
    """One after the other, so that the most memory is that of one."""
    stages = [
        {"stage": "train_vae", "seconds": 60, "peak_memory_mb": 9000},
        {"stage": "score_references", "seconds": 30.0, "peak_memory_mb": 1000},
        {"stage": "score_vae", "seconds": 49.9, "peak_memory_mb": 2000},
        {"stage": "evaluate", "seconds": 0.104, "peak_memory_mb": 500},
    ]
    assert evaluation.summarise(stages) == {"num_samples": 10_000, "seconds": 80, "peak_memory_mb": 2000}


def test_scoring_is_measured_on_all_of_mnist_with_valid_params(tmp_path: Path) -> None:
    copytree(ROOT / "presets", tmp_path / "presets")
    copy(ROOT / "params.yaml", tmp_path)
    evaluation.write_params(tmp_path, tmp_path / "mnist")
    values: Any = params.load(tmp_path / "params.yaml")
    assert (values.data.source, values.data.limit) == ("idx", None)
    assert values.data.path == str(tmp_path / "mnist")
    assert values.evaluate.num_samples == 10_000
    assert (values.vae.epochs, values.gan.epochs, values.gan.steps_per_epoch) == (1, 1, 1)


@pytest.mark.parametrize(
    ("part", "sentence"),
    [("evaluation", "Scoring 10,000 samples of each model"), ("pipeline", "The default `dvc repro` takes")],
)
def test_what_was_not_measured_is_not_said(part: str, sentence: str) -> None:
    found = load_results()
    assert sentence in rendered(found)
    del found[part]
    assert sentence not in rendered(found)


def test_bfloat16_is_said_where_it_was_measured(systems: dict[str, Measurement]) -> None:
    """A row of each network: float32 and bfloat16, ours, the slides' and PyTorch's, and the ratios."""
    exact, found = results.compare(systems, RATES), {"machine": {"matrix_product_gflops_bfloat16": 741}}
    for network in rounds.NETWORKS:
        found[f"{network}_step"] = found[f"default_{network}_step"] = exact
        found[f"{network}_step_bfloat16"] = results.compare_bfloat16(systems)
        found[f"default_{network}_step_bfloat16"] = results.describe_bfloat16(
            systems["ours_bfloat16"], systems["ours"]
        )
    text = rendered(found, "bfloat16")
    assert "multiplies matrices at 741 GFLOP/s" in text
    ratios = "2.50 (2.00 to 4.00) | 12.00 (8.00 to 12.50) | 4.00 (4.00 to 6.00) | 2.00 (1.00 to 2.00)"
    assert f"| 10 ms | 5 ms | 50 ms | 20 ms | 8 ms (eager) | {ratios} | 500 MB |" in text
    assert "| 10.0 ms | 5.0 ms | | | | 2.50 (2.00 to 4.00) | | | | 500 MB |" in text


def test_a_run_without_bfloat16_is_said_to_be_one() -> None:
    assert rendered({}, "bfloat16").startswith("The run above was without bfloat16")


def test_scoring_says_its_own_commit() -> None:
    found = load_results()
    found["evaluation"]["commit"] = "0123456789"
    assert "importance weighting aside; measured on commit 0123456." in rendered(found)


def test_measurements_are_said_in_seconds_and_megabytes() -> None:
    found = load_results()
    found["evaluation"] = {"num_samples": 10_000, "seconds": 80.4, "peak_memory_mb": 2000.0}
    assert "takes 80 s and 2000 MB" in rendered(found)


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


def rendered(found: dict[str, Any], part: str = "steps") -> str:
    """A part of docs/speed.md that shows measurements, in one line."""
    return " ".join(fill_pages.render("speed", part, {"benchmark": found}).split())


def load_results() -> dict[str, Any]:
    return json.loads(fill_pages.BENCHMARK.read_text(encoding="utf-8"))
