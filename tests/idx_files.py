"""Writes IDX files by hand, for the tests of all that reads them."""

import gzip
import struct
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

REAL_MNIST = Path(__file__).resolve().parents[2] / "shared" / "data" / "mnist"
REAL_MNIST_ABSENT = f"the real MNIST is not at {REAL_MNIST}"


def encode(array: npt.NDArray[np.uint8]) -> bytes:
    """An array as the bytes of an IDX file."""
    return bytes([0, 0, 8, array.ndim]) + struct.pack(f">{array.ndim}I", *array.shape) + array.tobytes()


def write_folder(folder: Path, num_train: int, num_test: int, side: int = 28, compress: bool = False) -> Path:
    """The four files with different random images, and labels that count 0 to 9 again and again."""
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(0)
    for prefix, count in (("train", num_train), ("t10k", num_test)):
        images = rng.integers(0, 256, (count, side, side), dtype=np.uint8)
        labels = (np.arange(count) % 10).astype(np.uint8)
        for name, array in ((f"{prefix}-images-idx3-ubyte", images), (f"{prefix}-labels-idx1-ubyte", labels)):
            write(folder / (f"{name}.gz" if compress else name), array)
    return folder


def write(path: Path, array: npt.NDArray[Any]) -> Path:
    """One file, compressed if its name ends in ``.gz``."""
    content = encode(array.astype(np.uint8))
    path.write_bytes(gzip.compress(content, mtime=0) if path.suffix == ".gz" else content)
    return path
