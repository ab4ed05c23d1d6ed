"""One training in a process of its own, which trains so many steps whenever it is told to.

Each line of its input is a number of steps; each line of its output the seconds that they took and the most
memory that the process has held so far. The first line of its output describes the training.
"""

import importlib
import json
import os
import resource
import sys
from typing import Any, Protocol

from benchmarks import sides
from benchmarks.costs import Cost

# The module that builds each system, and how.
IN_FLOAT32: dict[str, tuple[str, dict[str, Any]]] = {
    "ours": ("ours", {"preset": "lecture"}),
    "ours_default": ("ours", {"preset": "default"}),
    "lecture": ("lecture", {}),
    "lecture_without_onednn": ("lecture", {}),
    "pytorch_eager": ("pytorch", {"compiled": False}),
    "pytorch_compiled": ("pytorch", {"compiled": True}),
    "machine": ("rates", {}),
    **{sides.system(side): ("ours", {"preset": sides.PRESET, "side": side}) for side in sides.STEPS},
}
# What the names of systems end with.
PRECISIONS = {"float32": "", "bfloat16": "_bfloat16"}
# The same in bfloat16 as well.
SYSTEMS = {
    name + suffix: (module, {**options, "precision": precision})
    for name, (module, options) in IN_FLOAT32.items()
    for precision, suffix in PRECISIONS.items()
}
# What `getrusage` counts memory in.
BYTES = 1 if sys.platform == "darwin" else 1024


class Training(Protocol):
    """What every system is measured through.

    Attributes:
        num_parameters: numbers that gradients change, to hold the systems to one architecture.
        cost: of a step; nothing if not counted.
    """

    num_parameters: int
    cost: Cost

    def train(self, steps: int) -> float:
        """Train so many steps; the seconds that they took."""


def main(system: str, network: str, threads: int) -> None:
    """Build a system's training of a network, or a rate of the machine, and serve until the input ends."""
    with os.fdopen(os.dup(1), "w", buffering=1) as answers:
        os.dup2(2, 1)  # What libraries print is no answer.
        module, options = SYSTEMS[system]
        training: Training = importlib.import_module(f"benchmarks.{module}").build(
            network, threads, **options
        )
        answers.write(json.dumps({"num_parameters": training.num_parameters}) + "\n")
        for line in sys.stdin:
            seconds = training.train(int(line))
            answer = {"seconds": seconds, "peak_mb": peak_mb(), "cost": training.cost}
            answers.write(json.dumps(answer) + "\n")


def peak_mb() -> float:
    """The most memory that this process has held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * BYTES / 1e6


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
