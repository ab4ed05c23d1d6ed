"""Training state that survives any kill: saved after each epoch, outside of DVC's outputs."""

import errno
import io
import itertools
import json
import os
import shutil
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, Any, NamedTuple

import numpy as np
import numpy.typing as npt
from filelock import FileLock, Timeout

from latentlab.core import artifacts, digests
from latentlab.core.errors import ArtifactError

# Trainings that are kept, so that disk use is bounded.
MOST_KEPT = 10
FINISHED = "finished"
# What a storage or a system says that fails for the moment, and not of the file; Windows lacks some names.
PASSING = {getattr(errno, name, 0) for name in ("EIO", "ESTALE", "EMFILE", "ENFILE", "ENOMEM")}

Record = dict[str, float]
History = list[Record]
Samples = Mapping[str, npt.NDArray[Any]]


class Progress(NamedTuple):
    """What training made besides the models.

    Attributes:
        history: a record of metrics for each epoch.
        samples: arrays by name, of each epoch whose samples are kept.
    """

    history: History
    samples: list[Samples]


class Checkpoint:
    """The state of one training, which belongs to exactly one key of params, data and code."""

    def __init__(self, folder: Path) -> None:
        """Keep the state in ``folder``, which need not exist yet."""
        self._folder = folder

    @property
    def run_id(self) -> str | None:
        """The MLflow run that this training reports to, if one is known."""
        try:
            return artifacts.load_json(self._folder / "run.json")["run_id"]
        except ArtifactError:  # Nothing is saved yet, or a power cut left an empty file: a new run will do.
            return None

    @run_id.setter
    def run_id(self, run_id: str | None) -> None:
        artifacts.save_json(self._folder / "run.json", {"run_id": run_id})

    def snapshot_path(self, epoch: int) -> Path:
        """Where the snapshot of an epoch lies: beside the state, which therefore does not grow with them."""
        return artifacts.snapshot_path(self._folder, epoch)

    def take_snapshot(self, epoch: int, write: Callable[[Path], None]) -> None:
        """Let ``write`` make the snapshot of an epoch, before the state of that epoch is saved."""
        path = self.snapshot_path(epoch)
        write(path)
        # Or a power cut could leave a state whose snapshot is empty. Windows wants it open for writing.
        with path.open("r+b") as file:
            os.fsync(file.fileno())

    def save(self, variables: list[Any], progress: Progress) -> None:
        """Save the whole state in one file, so that no half of it can be newer than the other.

        Args:
            variables: all Keras variables that training changes.
            progress: what it made so far.
        """
        with artifacts.replacing(self._path) as temporary, temporary.open("wb") as file:
            _write(file, variables, progress, self._digests())
            # Or a power cut could leave the new name on an empty file.
            os.fsync(file.fileno())

    def restore(self, variables: list[Any]) -> Progress:
        """Assign the saved state in place and return the progress, which is empty where nothing is saved."""
        if not self._path.exists():
            return Progress([], [])
        try:
            with self._path.open("rb") as file:
                values, progress, digests = _read(file, len(variables))
            if not digests.items() <= self._digests().items():
                raise ArtifactError("a snapshot is not as it was")
        except Exception as error:  # A damaged archive fails in as many ways as it has parts.
            # The next epoch would overwrite a state that may well be good.
            if _may_pass(error):
                raise
            print(f"The checkpoint {self._path} is damaged, so training starts clean.")
            return Progress([], [])
        _assign(variables, values)
        print(f"Going on after epoch {len(progress.history)} from a checkpoint.")
        return progress

    def _digests(self) -> dict[str, str]:
        """The SHA-256 of each snapshot by its file's name."""
        files = sorted(self.snapshot_path(0).parent.glob("epoch_*"))
        return {file.name: digests.sha256(file) for file in files}

    @property
    def _path(self) -> Path:
        return self._folder / "state.npz"


class Followed(Checkpoint):
    """On a machine that does not lead: the state is the first one's, and that one keeps it."""

    def __init__(self) -> None:
        """Keep nothing anywhere."""

    def take_snapshot(self, epoch: int, write: Callable[[Path], None]) -> None:
        """Nothing."""

    def save(self, variables: list[Any], progress: Progress) -> None:
        """Nothing."""

    def restore(self, variables: list[Any]) -> Progress:
        """Nothing, to begin with."""
        return Progress([], [])


def pack(variables: list[Any], progress: Progress) -> bytes:
    """The state of a training for another machine, which has no snapshots."""
    packed = io.BytesIO()
    _write(packed, variables, progress, {})
    return packed.getvalue()


def unpack(packed: bytes, variables: list[Any]) -> Progress:
    """Assign another machine's state in place, and return the progress."""
    values, progress, _ = _read(io.BytesIO(packed), len(variables))
    _assign(variables, values)
    return progress


@contextmanager
def claim(root: Path, stage: str, key: str) -> Iterator[Checkpoint]:
    """The checkpoint of a stage and key for this process alone, marked as finished once the block ends well.

    A finished one stays, for DVC may be killed before it notes the end, and run the stage again; see
    ``discard_finished``.

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
            folder.mkdir(exist_ok=True)  # Already now, to be one of those that are kept.
            _discard_oldest(root)
            yield Checkpoint(folder)
            (folder / FINISHED).touch()
            return


def discard_finished(root: Path, stage: str, key: str) -> None:
    """Remove the finished checkpoints of a stage and key, once nothing can need them any more."""
    for folder in root.glob(f"{stage}-{key}-*/"):
        with _held(folder) as held:
            if held and (folder / FINISHED).exists():
                shutil.rmtree(folder, ignore_errors=True)


def _write(file: IO[bytes], variables: list[Any], progress: Progress, snapshots: dict[str, str]) -> None:
    arrays = {f"variable_{index}": np.asarray(value) for index, value in enumerate(variables)}
    for index, sample in enumerate(progress.samples):
        arrays |= {f"sample_{index}_{name}": array for name, array in sample.items()}
    # The names, because damage to an archive's list of files can hide some of them.
    described = {
        "history": progress.history,
        "samples": [list(sample) for sample in progress.samples],
        "snapshots": snapshots,
    }
    text = json.dumps(described)
    np.savez(file, allow_pickle=False, progress=np.frombuffer(text.encode(), np.uint8), **arrays)


def _read(file: IO[bytes], num_variables: int) -> tuple[list[npt.NDArray[Any]], Progress, dict[str, str]]:
    with zipfile.ZipFile(file) as archive:
        if name := archive.testzip():
            raise zipfile.BadZipFile(name)
    file.seek(0)
    with np.load(file, allow_pickle=False) as saved:
        values = [saved[f"variable_{index}"] for index in range(num_variables)]
        progress = json.loads(saved["progress"].tobytes())
        samples: list[Samples] = [
            {name: saved[f"sample_{index}_{name}"] for name in names}
            for index, names in enumerate(progress["samples"])
        ]
        return values, Progress(progress["history"], samples), progress["snapshots"]


def _may_pass(error: Exception) -> bool:
    """Whether reading failed for a reason that says nothing of the file."""
    return isinstance(error, MemoryError | PermissionError) or getattr(error, "errno", None) in PASSING


def _assign(variables: list[Any], values: list[npt.NDArray[Any]]) -> None:
    for variable, value in zip(variables, values, strict=True):
        variable.assign(value)


@contextmanager
def _held(folder: Path) -> Iterator[bool]:
    """Whether the folder's lock, which the system releases however its holder dies, could be taken."""
    with ExitStack() as stack:
        try:
            stack.enter_context(FileLock(folder.with_suffix(".lock")).acquire(timeout=0))
        except Timeout:
            yield False
        else:
            yield True


def _discard_oldest(root: Path) -> None:
    folders = sorted(root.glob("*/"), key=_worth, reverse=True)
    for folder in folders[MOST_KEPT:]:
        with _held(folder) as held:
            if held:
                shutil.rmtree(folder, ignore_errors=True)


def _worth(folder: Path) -> tuple[bool, int]:
    """Interrupted trainings are worth more than finished ones, newer ones more than older ones."""
    try:
        return not (folder / FINISHED).exists(), folder.stat().st_mtime_ns
    except FileNotFoundError:  # Another process removed it in this moment.
        return False, 0
