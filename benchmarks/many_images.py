"""What an epoch of the default's VAE costs by the number of images, each training run by DVC, on noise."""

import statistics
import subprocess
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import pipeline
from benchmarks.results import rounded
from latentlab.core import presets

SIDE, CHANNELS = 32, 3
# Of training images. The last array is one of those that are large enough for their pages to be given back.
COUNTS = (1_500, 6_000, 24_000)
# As few as can be scored.
NUM_TEST = 20
# The first one traces and compiles, and is not counted.
EPOCHS = 3
CHANGES: dict[str, dict[str, Any]] = {
    "vae": {"epochs": EPOCHS, "sample_epochs": [1]},
    "evaluate": {"num_samples": NUM_TEST},
}


def measure(counts: tuple[int, ...] = COUNTS) -> list[dict[str, Any]]:
    """Milliseconds an image and peak memory of a training on so many images, for each count."""
    with pipeline.clean_clone() as (clone, log):
        images, environment = log.with_name("images.npz"), pipeline.environment(clone, log)
        data = {"source": "npz", "path": str(images)}
        pipeline.write_params(clone, presets.DEFAULT, {"data": data, **CHANGES})
        for count in counts:
            write_images(images, count)
            subprocess.run(["dvc", "repro", "train_vae"], cwd=clone, env=environment, check=True)
        return summarise(counts, pipeline.records(log))


def write_images(path: Path, count: int) -> None:
    """As many as leave so many for training, once `prepare` has held a sixth out, and few for the test."""
    shape = (count * 6 // 5 + NUM_TEST, SIDE, SIDE, CHANNELS)
    images = np.random.default_rng(count).integers(0, 256, shape, np.uint8)
    np.savez(path, x_train=images[NUM_TEST:], x_test=images[:NUM_TEST])


def summarise(counts: tuple[int, ...], stages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """For each count, the median epoch but the first as milliseconds an image, and the most memory."""
    trainings = [record for record in stages if record["stage"] == "train_vae"]
    return [
        {
            "images": count,
            "milliseconds_an_image": rounded(1000 * statistics.median(record["epoch_seconds"][1:]) / count),
            "peak_memory_mb": rounded(record["peak_memory_mb"]),
        }
        for count, record in zip(counts, trainings, strict=True)
    ]
