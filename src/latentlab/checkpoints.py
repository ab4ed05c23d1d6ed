"""Training state that survives any kill: saved after each epoch, outside of DVC's outputs."""

import itertools
import json
import os
import shutil
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from filelock import FileLock, Timeout

from latentlab import artifacts

# Interrupted trainings that are kept, newest first, so that disk use is bounded.
MOST_KEPT = 10


class Progress(NamedTuple):
    """What training made besides the models.

    Attributes:
        history: a record of metrics for each epoch.
        samples: images, uint8 (n, height, width, channels), of each epoch whose samples are kept.
    """

    history: list[dict[str, float]]
    samples: list[npt.NDArray[np.uint8]]


class Checkpoint:
    """The state of one training, which belongs to exactly one key of params, data and code."""

    def __init__(self, folder: Path) -> None:
        """Keep the state in ``folder``, which need not exist yet."""
        self._folder = folder

    @property
    def run_id(self) -> str | None:
        """The MLflow run that this training reports to, if one is known."""
        path = self._folder / "run.json"
        return artifacts.load_json(path)["run_id"] if path.exists() else None

    @run_id.setter
    def run_id(self, run_id: str | None) -> None:
        artifacts.save_json(self._folder / "run.json", {"run_id": run_id})

    def save(self, variables: list[Any], progress: Progress) -> None:
        """Save the whole state in one file, so that no half of it can be newer than the other.

        Args:
            variables: all Keras variables that training changes.
            progress: what it made so far.
        """
        arrays = {f"variable_{index}": np.asarray(value) for index, value in enumerate(variables)}
        arrays |= {f"sample_{index}": images for index, images in enumerate(progress.samples)}
        history = np.frombuffer(json.dumps(progress.history).encode(), np.uint8)
        with artifacts.replacing(self._path) as temporary, temporary.open("wb") as file:
            np.savez(file, allow_pickle=False, history=history, **arrays)
            # Or a power cut could leave the new name on an empty file.
            os.fsync(file.fileno())

    def restore(self, variables: list[Any]) -> Progress:
        """Assign the saved state in place and return the progress, which is empty where nothing is saved."""
        if not self._path.exists():
            return Progress([], [])
        try:
            with np.load(self._path, allow_pickle=False) as saved:
                state = {name: saved[name] for name in saved.files}
        except (OSError, ValueError, EOFError, zipfile.BadZipFile):
            print(f"The checkpoint {self._path} is damaged, so training starts clean.")
            return Progress([], [])
        for index, variable in enumerate(variables):
            variable.assign(state[f"variable_{index}"])
        history = json.loads(state["history"].tobytes())
        samples = [state[f"sample_{index}"] for index in range(sum("sample_" in name for name in state))]
        print(f"Going on after epoch {len(history)} from a checkpoint.")
        return Progress(history, samples)

    @property
    def _path(self) -> Path:
        return self._folder / "state.npz"


@contextmanager
def claim(root: Path, stage: str, key: str) -> Iterator[Checkpoint]:
    """The checkpoint of a stage and key for this process alone, removed once the block ends well.

    An equal training that runs at the same time holds the first folder already; this one then
    takes a second one, and so on.

    Args:
        root: the folder of all checkpoints.
        stage: the stage's name.
        key: hash of params, data and code.
    """
    root.mkdir(parents=True, exist_ok=True)
    for copy in itertools.count():
        folder = root / f"{stage}-{key}-{copy}"
        with _held(folder) as held:
            if not held:
                continue
            _discard_oldest(root, keep=folder)
            yield Checkpoint(folder)
            shutil.rmtree(folder, ignore_errors=True)
            return


@contextmanager
def _held(folder: Path) -> Iterator[bool]:
    """Whether the folder's lock, which the system releases however its holder dies, could be taken."""
    lock = FileLock(folder.with_suffix(".lock"))
    try:
        with lock.acquire(timeout=0):
            yield True
    except Timeout:
        yield False


def _discard_oldest(root: Path, keep: Path) -> None:
    folders = sorted(root.glob("*/"), key=lambda folder: folder.stat().st_mtime_ns, reverse=True)
    for folder in folders[MOST_KEPT:]:
        with _held(folder) as held:
            if held and folder != keep:
                shutil.rmtree(folder, ignore_errors=True)
