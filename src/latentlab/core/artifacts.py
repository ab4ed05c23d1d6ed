"""Where every file between stages lies, and how it is read and written; no computation.

Paths are relative to the root of the repository, where DVC runs each stage. Everything is written
under a temporary name and renamed, so a file that exists is whole.
"""

import json
import shutil
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import numpy.typing as npt

from latentlab.core.errors import ArtifactError
from latentlab.core.places import MODELS, scores_folder

if TYPE_CHECKING:  # no stage pays for matplotlib but the one that draws
    from matplotlib.figure import Figure
    from PIL.Image import Image

Split = Literal["train", "validation", "test"]
SPLITS: tuple[Split, ...] = ("train", "validation", "test")

SOURCE = Path("data/source.json")
INCEPTION_SOURCE = Path("data/inception.json")
PRESET = Path("data/preset.json")
PREPARED = Path("data/prepared")
DATA_INFO = Path("data/info.json")
FEATURES = MODELS / "features"
TRAINING_HASHES = "training_hashes.npy"
YARDSTICK = Path("reports/yardstick.json")
METRICS = Path("reports/metrics.json")
VERDICT = Path("reports/verdict.json")
HEADLINES = Path("reports/headlines.json")
FIGURES = Path("reports/figures")
# The earliest time that a zip archive can state; any fixed one would do.
FIXED_TIME = (1980, 1, 1, 0, 0, 0)
FRAME_MILLISECONDS = 700
LAST_FRAME_MILLISECONDS = 2500
EXPLORER = Path("reports/explorer.html")
REPORT = Path("reports/report.html")


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A temporary path beside ``path`` that takes its place once the block ends without error.

    Raises:
        ArtifactError: the disk is full, or the folder cannot be written.
    """
    temporary = path.with_name(f".{path.stem}.partial{path.suffix}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield temporary
        temporary.replace(path)
    except OSError as error:
        raise ArtifactError(
            f"{path} could not be written: {error}. Free disk space or mend the folder's rights, and rerun."
        ) from error
    finally:
        # Where the folder is none, there is nothing to remove, and its error must not hide the first.
        with suppress(OSError):
            temporary.unlink()


def save_json(path: Path, content: Any) -> None:
    """Write JSON that is the same bytes for equal content; NaN and infinity are refused."""
    save_text(path, json.dumps(content, indent=2, allow_nan=False, ensure_ascii=False) + "\n")


def save_text(path: Path, text: str) -> None:
    """Write text as UTF-8, with lines that end alike on every system."""
    with replacing(path) as temporary:
        temporary.write_text(text, encoding="utf-8", newline="\n")


def load_json(path: Path) -> Any:
    """Read a JSON file that an earlier stage wrote.

    Raises:
        ArtifactError: the file is missing or is not JSON.
    """
    with _explaining(path):
        return json.loads(path.read_text(encoding="utf-8"))


def save_array(path: Path, array: npt.NDArray[Any]) -> None:
    """Write one array as ``.npy``."""
    with replacing(path) as temporary, temporary.open("wb") as file:
        np.save(file, array, allow_pickle=False)


def save_blocks(path: Path, shape: tuple[int, ...], blocks: Iterable[npt.NDArray[np.uint8]]) -> None:
    """Write one uint8 array as ``.npy`` from blocks of its rows, of which one at a time is in memory."""
    header = {"descr": "|u1", "fortran_order": False, "shape": shape}
    with replacing(path) as temporary, temporary.open("wb") as file:
        np.lib.format.write_array_header_1_0(file, header)
        for block in blocks:
            file.write(block.data)


def save_arrays(path: Path, arrays: Mapping[str, npt.NDArray[Any]]) -> None:
    """Write arrays by name as ``.npz``, the same bytes for equal arrays: NumPy's own holds the time."""
    with replacing(path) as temporary, zipfile.ZipFile(temporary, "w") as archive:
        for name, array in arrays.items():
            with archive.open(zipfile.ZipInfo(f"{name}.npy", FIXED_TIME), "w") as file:
                np.lib.format.write_array(file, array, allow_pickle=False)


def load_arrays(path: Path) -> dict[str, npt.NDArray[Any]]:
    """Read arrays by name.

    Raises:
        ArtifactError: the file is missing, damaged, or holds pickled objects.
    """
    # Opened here, because NumPy leaves a damaged file open.
    with _explaining(path), path.open("rb") as file, np.load(file, allow_pickle=False) as saved:
        return dict(saved)


def load_bytes(path: Path) -> bytes:
    """Read a file that an earlier stage wrote, as it is.

    Raises:
        ArtifactError: the file is missing.
    """
    with _explaining(path):
        return path.read_bytes()


def load_array(path: Path) -> npt.NDArray[Any]:
    """Map one ``.npy`` array into memory, read-only.

    Raises:
        ArtifactError: the file is missing, truncated, or holds pickled objects.
    """
    with _explaining(path):
        # Not np.load, which takes a zip archive as well.
        return np.lib.format.open_memmap(path, mode="r")


def copy_file(source: Path, path: Path) -> None:
    """Write the bytes of another file."""
    with replacing(path) as temporary:
        shutil.copyfile(source, temporary)


def save_figure(path: Path, figure: "Figure") -> None:
    """Write a PNG that is the same bytes for an equal figure: it names no software and no version."""
    with replacing(path) as temporary:
        figure.savefig(temporary, format="png", metadata={"Software": None})


def save_animation(path: Path, frames: "Sequence[Image]") -> None:
    """Write pictures as a GIF that shows each for most of a second, and the last for longer."""
    durations = [FRAME_MILLISECONDS] * (len(frames) - 1) + [LAST_FRAME_MILLISECONDS]
    with replacing(path) as temporary:
        frames[0].save(temporary, save_all=True, append_images=frames[1:], duration=durations, loop=0)


def ladders_path() -> Path:
    """A few real images on each ladder of the yardstick, by name: uint8 (steps, n, h, w, channels)."""
    return scores_folder("references") / "ladders.npz"


def scores_path(name: str) -> Path:
    """Where its scores lie, by section as in metrics.json."""
    return scores_folder(name) / "scores.json"


def snapshots_path(folder: Path) -> Path:
    """Where the epochs of the snapshots in a folder are listed, rising."""
    return folder / "snapshots" / "epochs.json"


def snapshot_path(folder: Path, epoch: int) -> Path:
    """Where the snapshot that a training took after an epoch lies in its folder."""
    return folder / "snapshots" / f"epoch_{epoch:03d}.keras"


def images_path(split: Split) -> Path:
    """Where the images of a split lie: uint8 (n, height, width, channels), values 0 to 255."""
    return PREPARED / f"{split}_images.npy"


def labels_path(split: Split) -> Path:
    """Where the labels of a split lie: uint8 (n,), classes counted from 0."""
    return PREPARED / f"{split}_labels.npy"


def load_images(split: Split) -> npt.NDArray[np.uint8]:
    """The images of a split, uint8 (n, height, width, channels), mapped into memory."""
    images = load_array(images_path(split))
    if images.ndim != 4 or images.dtype != np.uint8:
        raise ArtifactError(
            _damaged(images_path(split), f"uint8 images of four axes, got {images.dtype} {images.shape}")
        )
    return images


def load_labels(split: Split) -> npt.NDArray[np.uint8]:
    """The labels of a split, uint8 (n,), mapped into memory."""
    labels = load_array(labels_path(split))
    if labels.ndim != 1 or labels.dtype != np.uint8:
        raise ArtifactError(
            _damaged(labels_path(split), f"uint8 labels of one axis, got {labels.dtype} {labels.shape}")
        )
    return labels


@contextmanager
def _explaining(path: Path) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError as error:
        raise ArtifactError(f"{path} is missing. Run `dvc repro`, which makes it.") from error
    except Exception as error:  # A damaged header fails in as many ways as it has parts.
        raise ArtifactError(_damaged(path, str(error))) from error


def _damaged(path: Path, reason: str) -> str:
    return f"{path} is damaged: {reason}. Delete it and run `dvc repro`, which makes it again."
