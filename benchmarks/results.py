"""What the measurements say: medians, ratios with their spread, and shares of what the machine can do."""

import statistics
from collections.abc import Mapping
from typing import Any

from benchmarks.rounds import Measurement

Measurements = Mapping[str, Measurement]
Rates = Mapping[str, float]


def machine_rates(
    computing: list[Measurement], in_bfloat16: list[Measurement], copying: list[Measurement]
) -> dict[str, float]:
    """The best rate of any round: gigaflops of matrix products, and GB a second of copies."""
    products, rounding = (
        max(each.cost.operations / min(each.milliseconds) for each in measured)
        for measured in (computing, in_bfloat16)
    )
    copies = (each.cost.bytes / min(each.milliseconds) for each in copying)
    return {
        "matrix_product_gflops": rounded(products / 1e6),
        "matrix_product_gflops_bfloat16": rounded(rounding / 1e6),
        "copy_gb_per_second": rounded(max(copies) / 1e6),
    }


def compare(systems: Measurements, rates: Rates) -> dict[str, Any]:
    """Our step of the lecture's network beside the slides' and PyTorch's, the better of eager and compiled.

    The slides' code twice: with oneDNN, and without.

    Raises:
        ValueError: the systems have not the same number of parameters, so that they are not the same network.
    """
    numbers = {name: systems[name].num_parameters for name in systems}
    if len(set(numbers.values())) != 1:
        raise ValueError(f"expected networks of equal size, got {numbers} parameters")
    ours, lecture = systems["ours"], systems["lecture"]
    variant, pytorch = _better_pytorch(systems, "")
    plain = systems["lecture_without_onednn"]
    return {
        **describe(ours, rates),
        "lecture_milliseconds": rounded(lecture.median),
        "lecture_without_onednn_milliseconds": rounded(plain.median),
        "pytorch_milliseconds": rounded(pytorch.median),
        "pytorch_variant": variant,
        "pytorch_eager_milliseconds": rounded(systems["pytorch_eager"].median),
        "pytorch_compiled_milliseconds": rounded(systems["pytorch_compiled"].median),
        **_speedup("lecture", lecture, ours),
        **_speedup("lecture_without_onednn", plain, ours),
        **_speedup("pytorch", pytorch, ours),
        "lecture_peak_memory_mb": rounded(lecture.peak_memory_mb),
        "pytorch_peak_memory_mb": rounded(pytorch.peak_memory_mb),
        "lecture_first_step_seconds": rounded(lecture.first_step_seconds),
        "pytorch_first_step_seconds": rounded(pytorch.first_step_seconds),
    }


def compare_bfloat16(systems: Measurements) -> dict[str, Any]:
    """Our step in bfloat16 beside ours in float32, the slides' in either, and PyTorch's in bfloat16."""
    ours, lecture = systems["ours_bfloat16"], systems["lecture_bfloat16"]
    variant, pytorch = _better_pytorch(systems, "_bfloat16")
    return {
        **describe_bfloat16(ours, systems["ours"]),
        "lecture_milliseconds": rounded(lecture.median),
        "pytorch_milliseconds": rounded(pytorch.median),
        "pytorch_variant": variant,
        **_speedup("lecture_float32", systems["lecture"], ours),
        **_speedup("lecture", lecture, ours),
        **_speedup("pytorch", pytorch, ours),
    }


def describe_bfloat16(ours: Measurement, exact: Measurement) -> dict[str, Any]:
    """Our step in bfloat16 beside that in float32."""
    return {
        "milliseconds": rounded(ours.median),
        "milliseconds_range": _range(ours.milliseconds),
        "peak_memory_mb": rounded(ours.peak_memory_mb),
        **_speedup("float32", exact, ours),
    }


def describe(ours: Measurement, rates: Rates) -> dict[str, Any]:
    """Our step alone, and how long it would take at the rates of the machine, one after the other."""
    multiplying = ours.cost.operations / 1e6 / rates["matrix_product_gflops"]
    moving = ours.cost.bytes / 1e6 / rates["copy_gb_per_second"]
    return {
        "milliseconds": rounded(ours.median),
        "milliseconds_range": _range(ours.milliseconds),
        "gigaflop": rounded(ours.cost.operations / 1e9),
        "gigabytes": rounded(ours.cost.bytes / 1e9),
        "multiplying_milliseconds": rounded(multiplying),
        "moving_milliseconds": rounded(moving),
        "share_of_matrix_product_rate": rounded(multiplying / ours.median),
        "peak_memory_mb": rounded(ours.peak_memory_mb),
        "first_step_seconds": rounded(ours.first_step_seconds),
    }


def rounded(value: float) -> float:
    """Four digits, which is more than repeats from run to run."""
    return float(f"{value:.4g}")


def _better_pytorch(systems: Measurements, suffix: str) -> tuple[str, Measurement]:
    variants = {name: systems[f"pytorch_{name}{suffix}"] for name in ("eager", "compiled")}
    return min(variants.items(), key=lambda variant: variant[1].median)


def _speedup(name: str, other: Measurement, ours: Measurement) -> dict[str, Any]:
    """How many times faster ours is: the median of the rounds' ratios, and the least and the largest."""
    ratios = [theirs / mine for theirs, mine in zip(other.milliseconds, ours.milliseconds, strict=True)]
    return {
        f"speedup_over_{name}": rounded(statistics.median(ratios)),
        f"speedup_over_{name}_range": _range(ratios),
    }


def _range(values: list[float]) -> list[float]:
    return [rounded(min(values)), rounded(max(values))]
