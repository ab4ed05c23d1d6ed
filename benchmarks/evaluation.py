"""What scoring 10,000 samples of each model, and all references, against MNIST's 10,000 test images costs."""

import subprocess
from pathlib import Path
from typing import Any

from benchmarks import pipeline
from benchmarks.results import rounded

NUM_SAMPLES = 10_000
# Training is not what is measured, so it is as short as can be; importance weighting has a cost of its own.
CHANGES: dict[str, dict[str, Any]] = {
    "features": {"epochs": 1},
    "autoencoder": {"epochs": 1},
    "vae": {"epochs": 1, "sample_epochs": [1]},
    "gan": {"epochs": 1, "steps_per_epoch": 1, "sample_epochs": [1], "snapshot_every": 1},
    "evaluate": {"num_samples": NUM_SAMPLES, "importance_samples": [1], "importance_images": 1},
}


def measure(mnist: Path) -> dict[str, Any]:
    """Seconds and memory of all scorings, their starts and their imports aside.

    Args:
        mnist: the folder of the four IDX files.
    """
    with pipeline.clean_clone() as (clone, log):
        write_params(clone, mnist)
        environment = pipeline.environment(clone, log)
        subprocess.run(["dvc", "repro", "evaluate"], cwd=clone, env=environment, check=True)
        return summarise(pipeline.records(log))


def write_params(clone: Path, mnist: Path) -> None:
    """The models of the preset `mnist`, hardly trained, and all samples that there are test images for."""
    data = {"source": "idx", "path": str(mnist.resolve())}
    pipeline.write_params(clone, "mnist", {"data": data, **CHANGES})


def summarise(stages: list[dict[str, Any]]) -> dict[str, Any]:
    """What the scorings and the stage `evaluate` took, one after the other, of the records of all stages."""
    scorings = [record for record in stages if record["stage"].startswith(("score_", "evaluate"))]
    return {
        "num_samples": NUM_SAMPLES,
        "seconds": rounded(sum(record["seconds"] for record in scorings)),
        "peak_memory_mb": rounded(max(record["peak_memory_mb"] for record in scorings)),
    }
