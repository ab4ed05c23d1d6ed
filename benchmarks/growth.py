"""How cost grows: a training step with the side of the images, and an epoch with their number."""

from typing import Any

from benchmarks import machine, many_images, rounds, sides
from benchmarks.child import PRECISIONS
from benchmarks.results import rounded
from benchmarks.rounds import NETWORKS, Measurement, Task
from latentlab.core import provenance

ROUNDS = 2


def measure(quick: bool) -> dict[str, Any]:
    """Steps at each side and epochs of each number of images; of both the first alone, once, if quick."""
    last, number = (1, 1) if quick else (None, ROUNDS)
    return {
        "commit": provenance.git_revision(),
        "machine": machine.describe() | machine.frameworks(),
        "sides": [measure_side(side, number) for side in list(sides.STEPS)[:last]],
        "images": many_images.measure(many_images.COUNTS[:last]),
    }


def measure_side(side: int, number: int) -> dict[str, Any]:
    """Steps of both networks in both precisions, in so many rounds.

    Each process ends before the next starts, for large images take gigabytes.
    """
    found: dict[str, Any] = {"side": side}
    for network in NETWORKS:
        for suffix in PRECISIONS.values():
            task = Task(sides.system(side) + suffix, network)
            measured = rounds.measure([task], number, machine.num_cores())[task]
            found[f"{network}{suffix}"] = describe(measured)
    return found


def describe(measured: Measurement) -> dict[str, float]:
    """Milliseconds of a step, and peak memory."""
    return {
        "milliseconds": rounded(measured.median),
        "peak_memory_mb": rounded(measured.peak_memory_mb),
    }
