"""Trains the smallest learners on some devices, in a process of its own: TensorFlow takes devices only once.

``python -m tests.learning.on_devices NUMBER FILE`` writes what a first step gives, by case and variable,
and for some cases digests of longer trainings.
"""

import hashlib
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import keras
import numpy as np
import numpy.typing as npt
import tensorflow as tf

from latentlab.families.vae.model.objectives import Objective, gaussian_optimal
from latentlab.learning import devices, threads
from latentlab.learning.checkpoints import Checkpoint, Progress
from tests.tiny_learners import build_autoencoder, build_gan, build_vae, images, labels, state

Build = Callable[[], Any]
Found = dict[str, npt.NDArray[Any]]

# Compiled, as users train: devices meet where they normalise, and the last batch is taken in two parts.
COMPILED: dict[str, tuple[Build, int]] = {
    "vae": (build_vae, 8),
    "gan that normalises": (partial(build_gan, share_fakes=False), 8),
    "gan in parts": (
        partial(build_gan, share_fakes=False, batch_norm=False, augmentations=("colour", "shift")),
        64,
    ),
}
# In plain Python, which is quicker for a single step.
PLAIN: dict[str, tuple[Build, int]] = {
    "free bits": (partial(build_vae, objective=Objective(0.01, free_nats=0.32)), 8),
    "optimal sigma, conditional": (
        partial(build_vae, objective=Objective(0.01, gaussian_optimal), conditional=True),
        8,
    ),
    "autoencoder": (build_autoencoder, 8),
    "gradient penalty": (partial(build_gan, objective="wasserstein_gp"), 8),
    "relativistic, conditional": (
        partial(build_gan, objective="relativistic", r1=0.1, r2=0.1, share_fakes=False, conditional=True),
        8,
    ),
    "spectral norm": (
        partial(
            build_gan,
            objective="hinge",
            spectral_norm=True,
            batch_norm=False,
            augmentations=("flip", "colour", "shift", "cutout"),
        ),
        8,
    ),
    "residual vae": (partial(build_vae, blocks="residual"), 8),
    "residual gan": (partial(build_gan, blocks="residual", share_fakes=False), 8),
    "sngan": (partial(build_gan, blocks="sngan", objective="hinge", spectral_norm=True), 8),
}


def main(number: int, path: Path) -> None:
    threads.use(1)
    found: Found = {}
    with devices.using(number):
        for name, (build, rows) in COMPILED.items():
            learner = build()
            found |= first_step(name, learner, rows)
            if number > 1:
                found[f"digests of {name}"] = digests(learner, build(), rows)
        tf.config.run_functions_eagerly(True)
        for name, (build, rows) in PLAIN.items():
            found |= first_step(name, build(), rows)
    np.savez(path, allow_pickle=False, **found)


def first_step(name: str, learner: Any, rows: int) -> Found:
    """Metrics and variables, by the case's name and theirs."""
    for part in vars(getattr(learner, "_descent", learner)).values():
        if isinstance(part, keras.Optimizer):
            # Else Adam makes a whole step of a gradient that is rounding alone, as of a bias before a norm.
            part.epsilon = 1.0
    metrics = train(learner, rows, "conditional" in name)
    variables = {f"{place} {each.name}": np.asarray(each) for place, each in enumerate(learner.variables)}
    return {f"{name}/{key}": value for key, value in {**metrics, **variables}.items()}


def digests(learner: Any, other: Any, rows: int) -> npt.NDArray[Any]:
    """Of three steps: by a learner that took one; by another, straight; and by that one from a checkpoint."""
    with tempfile.TemporaryDirectory() as folder:
        checkpoint = Checkpoint(Path(folder))
        checkpoint.save(learner.variables, Progress([], []))
        straight = [digest(learner, rows, steps=2)]
        first_step("", other, rows)
        straight.append(digest(other, rows, steps=2))
        checkpoint.restore(other.variables)
        return np.array([*straight, digest(other, rows, steps=2)])


def digest(learner: Any, rows: int, steps: int) -> str:
    """Of all that training changes, after some more steps."""
    for _ in range(steps):
        train(learner, rows)
    return hashlib.sha256(b"".join(state(learner))).hexdigest()


def train(learner: Any, rows: int, conditional: bool = False) -> Found:
    seen = (images(rows), labels(rows)) if conditional else (images(rows),)
    return learner.train(*(array[np.newaxis] for array in seen))


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
